import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { MultiPolygon, Point, Polygon } from 'geojson';
import { valid as validate } from 'geojson-validation';
import type {
  Attacker,
  ClaimScope,
  GeoPrecision,
  IncidentType,
  Measure,
  Qualifier,
  SourceKind,
  TargetType,
  TimePrecision,
} from '../server/domain/vocabulary.ts';
import commonSchema from './schema/common.schema.json' with { type: 'json' };
import incidentSchema from './schema/incident.schema.json' with { type: 'json' };
import regionsSchema from './schema/regions.schema.json' with { type: 'json' };
import sourcesSchema from './schema/sources.schema.json' with { type: 'json' };
import territorialClaimsSchema from './schema/territorial-claims.schema.json' with { type: 'json' };
import { rangeOf } from './times.ts';

/** Something wrong with a record: its file (relative to the data directory), its id or `-`, why. */
export interface Fault {
  readonly file: string;
  readonly record: string;
  readonly reason: string;
}

/** One statement about an incident, as in schema/incident.schema.json. */
export interface ClaimRecord {
  readonly id: string;
  readonly measure: Measure;
  readonly value_min: number | null;
  readonly value_max: number | null;
  readonly qualifier: Qualifier | null;
  readonly text: string | null;
  readonly scope: { readonly kind: ClaimScope; readonly name?: string };
  readonly attributed_to: string;
  readonly remark?: string;
  readonly source: string;
  /** EDTF or RFC 3339 text. */
  readonly reported_at: string | null;
  readonly status: 'preliminary' | 'final' | null;
  readonly responsibility?: {
    readonly stance: 'attributed_to' | 'claimed_by' | 'denied_by';
    readonly party: string;
  };
  readonly cause?: 'direct_hit' | 'debris';
  readonly relations?: readonly {
    readonly relation: 'revises' | 'contradicts';
    readonly claim: string;
  }[];
}

/** An editors' note: ours, no party's statement. */
export interface NoteRecord {
  readonly id: string;
  readonly text: string;
  readonly source: string | null;
}

/** A further location of an incident; WGS 84, longitude first. */
export interface LocationRecord {
  readonly id: string;
  readonly place: string;
  readonly country: string;
  readonly region: string | null;
  readonly geometry: Point | null;
  readonly geo_precision: GeoPrecision;
  /** Metres. */
  readonly uncertainty_m: number | null;
  readonly coordinate_source: string | null;
  readonly targets: readonly TargetType[];
}

/** How an incident relates to another one. */
export interface RelationRecord {
  readonly relation: 'part_of_wave' | 'repeat_strike' | 'not_same_as';
  readonly incident: string;
  readonly note?: string;
}

/** The same incident in another scheme. */
export interface IdentifierRecord {
  readonly scheme: string;
  readonly identifier: string;
  readonly url: string | null;
}

/** What is known of an incident, as in schema/incident.schema.json. */
export interface IncidentProperties {
  readonly title: string;
  readonly summary: string;
  readonly type: IncidentType;
  readonly attacker: Attacker;
  readonly targets: readonly TargetType[];
  readonly country: string;
  readonly region: string | null;
  readonly place: string;
  readonly geo_precision: GeoPrecision;
  /** Metres. */
  readonly uncertainty_m: number;
  readonly coordinate_source: string;
  readonly area_regions?: readonly string[];
  readonly area_country?: string;
  /** EDTF text, whole calendar days local to the place, both ends included. */
  readonly time: string;
  readonly time_precision: TimePrecision;
  readonly time_local: string | null;
  readonly status?: 'draft' | 'published' | 'retracted';
  /** RFC 3339 text. */
  readonly embargo_until?: string;
  readonly claims: readonly ClaimRecord[];
  readonly notes: readonly NoteRecord[];
  readonly locations: readonly LocationRecord[];
  readonly relations: readonly RelationRecord[];
  readonly identifiers: readonly IdentifierRecord[];
  readonly sources: readonly string[];
}

/** A file of geodata/incidents: one GeoJSON Feature; WGS 84, longitude first. */
export interface IncidentFile {
  readonly type: 'Feature';
  readonly id: string;
  readonly geometry: Point;
  readonly properties: IncidentProperties;
}

/** A publication, as in schema/sources.schema.json. */
export interface SourceRecord {
  readonly id: string;
  readonly url: string;
  readonly publisher: string | null;
  readonly title: string | null;
  /** EDTF or RFC 3339 text. */
  readonly published_at: string | null;
  readonly language: string | null;
  readonly kind: SourceKind | null;
  readonly carries?: string;
  readonly reliability: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | null;
}

/** A first-level area, as in schema/regions.schema.json; WGS 84, longitude first. */
export interface RegionFeature {
  readonly type: 'Feature';
  readonly id: string;
  readonly geometry: Polygon | MultiPolygon | null;
  readonly properties: {
    readonly code: string;
    readonly country: string;
    readonly pcode: string | null;
    readonly kind: string;
    readonly name_en: string;
    readonly name_uk: string | null;
    readonly geonames_admin1: string | null;
    readonly boundary_set: string | null;
    readonly code_sources: readonly string[];
  };
}

/** A state's claim to a region. */
export interface TerritorialClaimRecord {
  readonly id: string;
  readonly region: string;
  readonly claimant: string;
  /** ISO 8601 date. */
  readonly since: string | null;
  readonly act: string;
  readonly sources: readonly string[];
}

/** What an international body answered. */
export interface InternationalResponseRecord {
  readonly id: string;
  readonly regions: readonly string[];
  readonly body: string;
  readonly instrument: string;
  /** ISO 8601 date. */
  readonly date: string;
  readonly votes: {
    readonly in_favour: number;
    readonly against: number;
    readonly abstained: number;
    readonly did_not_vote: number;
  } | null;
  readonly summary: string;
  readonly sources: readonly string[];
}

/** A statement of who holds how much of an area; shares in per cent. */
export interface ControlReportRecord {
  readonly id: string;
  readonly region: string | null;
  readonly country: string;
  readonly area_name?: string;
  readonly controller: string;
  readonly share_min: number | null;
  readonly share_max: number | null;
  readonly area_km2?: number;
  readonly qualifier: Qualifier;
  readonly attributed_to: string;
  readonly source: string;
  /** EDTF or RFC 3339 text. */
  readonly reported_at: string | null;
  readonly note: string | null;
}

/** What a party said that it wants. */
export interface StatedPositionRecord {
  readonly id: string;
  readonly attributed_to: string;
  readonly text: string;
  readonly source: string;
  /** EDTF or RFC 3339 text. */
  readonly reported_at: string | null;
}

/** A note on a region. */
export interface RegionNoteRecord {
  readonly region: string;
  readonly text: string;
  readonly sources: readonly string[];
}

/** The file territorial-claims.json. */
export interface TerritorialClaimsFile {
  readonly territorial_claims: readonly TerritorialClaimRecord[];
  readonly international_responses: readonly InternationalResponseRecord[];
  readonly control_reports: readonly ControlReportRecord[];
  readonly stated_positions: readonly StatedPositionRecord[];
  readonly region_notes: readonly RegionNoteRecord[];
}

/** All that the files hold; the incidents in order of id, the rest in order of file. */
export interface Dataset {
  readonly incidents: readonly IncidentFile[];
  readonly sources: readonly SourceRecord[];
  readonly regions: readonly RegionFeature[];
  readonly territorialClaims: TerritorialClaimsFile;
}

/** What reading gives: the records that are as their schema says, and why the others are not. */
export interface Reading {
  readonly dataset: Dataset;
  readonly faults: readonly Fault[];
}

/** The files beside the directory of incidents. */
export const sourcesFile = 'sources.json';
export const regionsFile = 'regions.geojson';
export const territorialClaimsFile = 'territorial-claims.json';
const singleFiles = [sourcesFile, regionsFile, territorialClaimsFile];
const incidentsDirectory = 'incidents';

/** The file that holds the incident of this id. */
export function incidentFile(id: string): string {
  return `${incidentsDirectory}/${id}.geojson`;
}

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
formats.default(ajv);
ajv.addFormat('edtf', (text: string) => {
  try {
    rangeOf(text);
    return true;
  } catch {
    return false;
  }
});
ajv.addSchema(commonSchema);
const isIncident = ajv.compile<IncidentFile>(incidentSchema);
const isSources = ajv.compile<{ readonly sources: readonly SourceRecord[] }>(sourcesSchema);
const isRegions = ajv.compile<{ readonly features: readonly RegionFeature[] }>(regionsSchema);
const isTerritorialClaims = ajv.compile<TerritorialClaimsFile>(territorialClaimsSchema);

/**
 * Reads the data files of a directory (geodata/, or one laid out like it). A file that is not as
 * its schema says adds its faults and none of its records.
 * @throws the file system's error where the directory or a file in it cannot be read.
 */
export async function readDataset(directory: string): Promise<Reading> {
  const files = new Map<string, string>();
  for (const name of (await readdir(directory)).filter((name) => singleFiles.includes(name))) {
    files.set(name, await readFile(join(directory, name), 'utf8'));
  }
  for (const name of (await readdir(join(directory, incidentsDirectory))).sort()) {
    if (name.startsWith('.')) continue;
    const file = `${incidentsDirectory}/${name}`;
    files.set(file, await readFile(join(directory, file), 'utf8'));
  }
  return parseDataset(files);
}

/** {@link readDataset} of files already in memory: name, relative to the directory, to text. */
export function parseDataset(files: ReadonlyMap<string, string>): Reading {
  const faults: Fault[] = [];
  const read = <File>(file: string, is: ValidateFunction<File>): File | null => {
    const found = parseFile(file, files.get(file), is);
    faults.push(...found.faults);
    return found.value;
  };
  const incidents: IncidentFile[] = [];
  for (const file of [...files.keys()].filter((name) => name.startsWith(incidentsDirectory))) {
    const incident = read(file, isIncident);
    if (incident === null) continue;
    if (file === incidentFile(incident.id)) incidents.push(incident);
    else faults.push({ file, record: incident.id, reason: 'the id is not the name of the file' });
  }
  const dataset: Dataset = {
    incidents,
    sources: read(sourcesFile, isSources)?.sources ?? [],
    regions: read(regionsFile, isRegions)?.features ?? [],
    territorialClaims: read(territorialClaimsFile, isTerritorialClaims) ?? {
      territorial_claims: [],
      international_responses: [],
      control_reports: [],
      stated_positions: [],
      region_notes: [],
    },
  };
  return { dataset, faults };
}

/** A file's value, or null and why there is none. */
interface Parsed<File> {
  readonly value: File | null;
  readonly faults: readonly Fault[];
}

function parseFile<File>(
  file: string,
  text: string | undefined,
  is: ValidateFunction<File>,
): Parsed<File> {
  const refuse = (reason: string, record = '-'): Parsed<File> => ({
    value: null,
    faults: [{ file, record, reason }],
  });
  if (text === undefined) return refuse('the file is missing');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (file.endsWith('.geojson')) {
    const faults = geojsonFaults(value).map((fault) => ({ file, ...fault }));
    if (faults.length > 0) return { value: null, faults };
  }
  if (is(value)) return { value, faults: [] };
  const faults = (is.errors ?? []).filter(tells).map((error) => ({
    file,
    record: recordAt(value, error.instancePath),
    reason: reasonOf(error, value),
  }));
  return { value: null, faults };
}

/** What `geojson-validation` finds, by feature where the file is a collection of them. */
function geojsonFaults(file: unknown): Omit<Fault, 'file'>[] {
  const whole = validate(file, true);
  if (whole.length === 0) return [];
  const features = valueAt(file, '/features');
  const parts = Array.isArray(features) ? features : [];
  const faults = [...parts, file].flatMap((part: unknown) => {
    const reasons = part === file ? whole : validate(part, true);
    return reasons.length === 0
      ? []
      : [{ record: recordAt(part, ''), reason: `no GeoJSON: ${reasons.join('; ')}` }];
  });
  // The collection's own reasons repeat those of its features.
  return faults.length > 1 ? faults.slice(0, -1) : faults;
}

/** Ajv names every branch of a choice that failed, and then the choice: the branches tell more. */
function tells(error: ErrorObject): boolean {
  return !(error.keyword === 'anyOf' || (error.keyword === 'type' && error.params.type === 'null'));
}

function reasonOf(error: ErrorObject, file: unknown): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const subject = path === '' ? '' : `${path} `;
  const value = JSON.stringify(valueAt(file, error.instancePath));
  switch (error.keyword) {
    case 'enum':
      return `${subject}is ${value}, and must be one of ${error.params.allowedValues.join(', ')}`;
    case 'additionalProperties':
      return `${subject}has a property that the format does not know: ${error.params.additionalProperty}`;
    case 'required':
      return `${subject}lacks ${error.params.missingProperty}`;
    case 'format':
      return `${subject}is ${value}, which is no ${error.params.format}`;
    default:
      return `${subject}${error.message ?? 'is not as the schema says'}${
        value.length <= 80 ? `, and is ${value}` : ''
      }`;
  }
}

/** The ids met on the way down a JSON Pointer: the file's record, then the one inside it. */
function recordAt(file: unknown, pointer: string): string {
  const ids: string[] = [];
  for (const value of steps(file, pointer)) {
    if (typeof value !== 'object' || value === null) continue;
    const id = 'id' in value ? value.id : 'region' in value && ids.length === 0 ? value.region : '';
    if (typeof id === 'string' && id !== '') ids.push(id);
  }
  return ids.join(' ') || '-';
}

function valueAt(file: unknown, pointer: string): unknown {
  return steps(file, pointer).at(-1);
}

function steps(file: unknown, pointer: string): unknown[] {
  const values: unknown[] = [file];
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const value = values.at(-1);
    values.push(
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    );
  }
  return values;
}
