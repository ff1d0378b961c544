import { EventEmitter } from 'node:events';
import pg, { type ClientConfig } from 'pg';

/**
 * A client that can hand over the fields of rows as the bytes in which they came. pg makes a string of
 * each, which of a page of a megabyte takes longer than to find it, and whoever sends the page would
 * make bytes of it again.
 */
export class RawClient extends pg.Client {
  /** Set while the rows of a statement are wanted so. One statement at a time runs on a connection. */
  readsBytes = false;
  /** How its session plans statements that are prepared. */
  planMode: 'auto' | 'force_generic_plan' = 'auto';

  constructor(config?: string | ClientConfig) {
    super(config);
    // The connection is pg's own, with its settings; only who reads its stream is changed, encrypted or not.
    const connection: unknown = Reflect.get(this, 'connection');
    if (!hasStream(connection)) return;
    const readAsUsual = connection.attachListeners.bind(connection);
    connection.attachListeners = (stream) => {
      const rest = new EventEmitter();
      const rows = new Messages();
      readAsUsual(rest);
      stream.on('end', () => rest.emit('end'));
      stream.on('data', (chunk: Buffer) => {
        if (!this.readsBytes && rows.isEmpty) {
          rest.emit('data', chunk);
          return;
        }
        for (const message of rows.split(chunk)) {
          if (message[0] === dataRow) connection.emit('dataRow', rowOf(message));
          else rest.emit('data', message);
        }
      });
    };
  }
}

/** What is used of pg's `Connection`, which its types leave out. */
interface StreamReader extends EventEmitter {
  attachListeners(stream: EventEmitter): void;
}

function hasStream(connection: unknown): connection is StreamReader {
  return connection instanceof EventEmitter && 'attachListeners' in connection;
}

/** Type of a message that holds a row, `D` (PostgreSQL's protocol 3.0, "Message Formats"). */
const dataRow = 0x44;
/** A message's type and its length, which counts itself and what follows. */
const header = 5;

/** Cuts a stream into messages. */
class Messages {
  #chunks: Buffer[] = [];
  #bytes = 0;

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  /** The messages that are whole with this chunk; of one that is not, parts are kept and joined once. */
  split(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const [first = chunk] = this.#chunks;
    if (first.length >= header && this.#bytes <= first.readUInt32BE(1)) return [];
    const all = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#bytes);
    const messages: Buffer[] = [];
    let start = 0;
    while (start + header <= all.length) {
      const end = start + 1 + all.readUInt32BE(start + 1);
      if (end > all.length) break;
      messages.push(all.subarray(start, end));
      start = end;
    }
    const left = all.subarray(start);
    this.#chunks = left.length === 0 ? [] : [left];
    this.#bytes = left.length;
    return messages;
  }
}

/** As pg's own message, but for its fields. */
function rowOf(message: Buffer) {
  const fields: (Buffer | null)[] = [];
  let position = header + 2;
  for (let count = message.readInt16BE(header); count > 0; count -= 1) {
    const length = message.readInt32BE(position);
    position += 4;
    fields.push(length < 0 ? null : message.subarray(position, position + length));
    position += Math.max(0, length);
  }
  return { name: 'dataRow', length: message.length - 1, fieldCount: fields.length, fields };
}
