import { attempt, Row } from './csv.ts';
import { type Parsed, type Position, RefusedError } from './format.ts';
import { placeOf } from './geometry.ts';
import { incidentBy, type Mapping, recordBy } from './mapping.ts';
import { systemOf, type Unproject } from './systems.ts';

/** A JSON object, whatever is in it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A record out of a GeoJSON Feature: its properties are the columns, those within others by a path
 * (`figures.killed.lowest`), lists joined by the mapping's separator; its id is the column `id`.
 */
export function featureRecord(
  at: Position,
  feature: unknown,
  { mapping, unproject }: { readonly mapping: Mapping; readonly unproject: Unproject },
): Parsed {
  if (!isObject(feature) || feature.type !== 'Feature') {
    return { ...at, record: null, refused: 'no GeoJSON Feature', kind: 'faulty' };
  }
  const row = rowOf(feature, mapping.separator ?? '|');
  return attempt(at, row, {
    recordOf: (given) => recordBy(mapping, given),
    toIncident: (given) => {
      const own = feature.crs === undefined ? unproject : systemOfMember(feature.crs);
      const place = placeOf(feature.geometry, own);
      given.repairs.push(...(place?.repairs ?? []));
      return incidentBy(mapping, given, place);
    },
  });
}

/**
 * What the `crs` member of old GeoJSON says.
 * @throws {RefusedError} where it is not certain what it means.
 */
export function systemOfMember(crs: unknown): Unproject {
  const name = isObject(crs) && isObject(crs.properties) ? crs.properties.name : undefined;
  const found = typeof name === 'string' ? systemOf(name) : null;
  if (found === null) {
    const what = JSON.stringify(name ?? crs);
    throw new RefusedError(`crs is ${what}, which we do not know with certainty`);
  }
  return found;
}

function rowOf(feature: JsonObject, separator: string): Row {
  const cells: string[] = [];
  const columns = new Map<string, number>();
  const add = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (isObject(value)) {
      for (const [key, part] of Object.entries(value)) add(`${name}.${key}`, part);
      return;
    }
    columns.set(name.toLowerCase(), cells.length);
    const isList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
    cells.push(
      isList ? value.join(separator) : Array.isArray(value) ? JSON.stringify(value) : String(value),
    );
  };
  add('id', feature.id);
  if (isObject(feature.properties)) {
    for (const [name, value] of Object.entries(feature.properties)) add(name, value);
  }
  return new Row(columns, cells);
}
