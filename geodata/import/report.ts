import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Position } from './format.ts';

/** Something that a reader of the import should know: where, of which record, and what. */
export interface Finding extends Position {
  readonly record: string | null;
  readonly kind: 'refused' | 'repaired' | 'doubtful' | 'unassigned';
  readonly reason: string;
}

/** The report file: one JSON object on each line, written as the import goes. */
export class ReportFile {
  readonly #stream: WriteStream;

  constructor(file: string) {
    this.#stream = createWriteStream(file);
  }

  async add(entry: object): Promise<void> {
    if (!this.#stream.write(`${JSON.stringify(entry)}\n`)) await once(this.#stream, 'drain');
  }

  async close(): Promise<void> {
    this.#stream.end();
    await once(this.#stream, 'close');
  }
}
