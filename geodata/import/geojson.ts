import { crs84 } from '../../server/domain/crs.ts';
import { featureRecord, isObject, type JsonObject, systemOfMember } from './features.ts';
import { type ImportFormat, type Parsed, RefusedError } from './format.ts';
import type { SourceFile } from './input.ts';
import { type JsonPiece, jsonPiecesOf } from './json-pieces.ts';
import type { Mapping } from './mapping.ts';
import { newLine, type Piece, piecesOf } from './pieces.ts';

/** GeoJSON by a mapping: a FeatureCollection of any size, or one Feature. */
export const geojson = (mapping: Mapping): ImportFormat => ({
  title: 'GeoJSON, by a mapping',
  dataset: mapping.dataset,
  async *read(files) {
    for (const file of files) yield* collectionRecords(file, mapping);
  },
});

/** GeoJSON text sequences (RFC 8142) by a mapping, and GeoJSON with a feature on each line. */
export const geojsonseq = (mapping: Mapping): ImportFormat => ({
  title: 'GeoJSON text sequence, by a mapping',
  dataset: mapping.dataset,
  async *read(files) {
    for (const file of files) yield* sequenceRecords(file, mapping);
  },
});

async function* collectionRecords(file: SourceFile, mapping: Mapping): AsyncGenerator<Parsed> {
  let members: JsonObject = {};
  let unproject = crs84.unproject;
  let hasFeatures = false;
  for await (const piece of jsonPiecesOf(await file.stream(), file.name)) {
    const at = { file: file.name, line: piece.line };
    const read = parsedPiece(piece);
    if ('fault' in read) {
      yield { ...at, record: null, refused: read.fault, kind: 'faulty' };
    } else if (piece.kind === 'feature') {
      hasFeatures = true;
      yield featureRecord(at, read.value, { mapping, unproject });
    } else if (isObject(read.value)) {
      members = { ...members, ...read.value };
      if (read.value.crs !== undefined) {
        unproject = systemOfFile(file, read.value.crs);
        // What has been read by then was taken for degrees.
        if (hasFeatures && unproject !== crs84.unproject) {
          throw new TypeError(`${file.name}: its crs must stand before its features`);
        }
      }
    }
  }
  if (hasFeatures || members.type === 'FeatureCollection') return;
  if (members.type !== 'Feature') throw new TypeError(`${file.name} is no FeatureCollection`);
  yield featureRecord({ file: file.name, line: 1 }, members, { mapping, unproject });
}

function systemOfFile(file: SourceFile, crs: unknown) {
  try {
    return systemOfMember(crs);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new TypeError(`${file.name}: ${error.message}`);
  }
}

/** The value of a piece; a member is an object of that member. */
function parsedPiece({
  kind,
  text,
  fault,
}: Omit<JsonPiece, 'line'>): { readonly value: unknown } | { readonly fault: string } {
  if (fault !== null) return { fault };
  try {
    return { value: JSON.parse(kind === 'member' ? `{${text}}` : text) };
  } catch (error) {
    return { fault: `no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const recordSeparator = 0x1e;

async function* sequenceRecords(file: SourceFile, mapping: Mapping): AsyncGenerator<Parsed> {
  const stream = await file.stream();
  const first: Buffer | undefined = (await stream.iterator({ destroyOnReturn: false }).next())
    .value;
  if (first === undefined) return;
  stream.unshift(first);
  const separator = first.includes(recordSeparator) ? recordSeparator : newLine;
  for await (const piece of piecesOf(stream, separator)) {
    const { text, line } = trimmed(piece);
    if (text === '') continue;
    const at = { file: file.name, line };
    const read = parsedPiece({ kind: 'feature', text, fault: null });
    if ('fault' in read) yield { ...at, record: null, refused: read.fault, kind: 'faulty' };
    else yield featureRecord(at, read.value, { mapping, unproject: crs84.unproject });
  }
}

/** Without the mark of its encoding and the space around it; the line is that of what is left. */
function trimmed({ text, line }: Piece): Piece {
  const rest = text.replace(/^\ufeff/, '').trimStart();
  const before = text.slice(0, text.length - rest.length).split('\n').length - 1;
  return { text: rest.trimEnd(), line: line + before };
}
