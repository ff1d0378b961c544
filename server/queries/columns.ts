import sql, { type Sql } from 'sql-template-tag';
import type { CollectionId } from '../domain/collections.ts';
import {
  type FigureMeasure,
  type FigureName,
  figureMeasures,
  type namedQueryables,
} from '../domain/queryables.ts';

/** An interval's first and last instant, both included, and its text as features carry it. */
export interface IntervalColumn {
  readonly first: Sql;
  readonly last: Sql;
  readonly text: Sql;
}

type Named = typeof namedQueryables;
type Column<Queryable> = Queryable extends { readonly type: 'interval' } ? IntervalColumn : Sql;
type ColumnsOf<Id extends CollectionId> = {
  readonly [Name in keyof Named[Id]]: Column<Named[Id][Name]>;
};

/** The row's range is half-open; a microsecond is the smallest step of a timestamp. */
function range(text: Sql, from: Sql, until: Sql): IntervalColumn {
  return { first: from, last: sql`${until} - interval '1 microsecond'`, text };
}

const precision = {
  geo_precision: sql`t.geo_precision`,
  uncertainty_m: sql`t.uncertainty_m`,
  area_only: sql`(SELECT p.area_only FROM geo_precision p WHERE p.code = t.geo_precision)`,
};

/** How SQL writes each property that a filter or a sort may name; the row is `t`, a claim's incident `i`. */
export const namedColumns: { readonly [Id in CollectionId]: ColumnsOf<Id> } = {
  incidents: {
    id: sql`t.id`,
    geometry: sql`t.geom`,
    area: sql`t.area`,
    title: sql`t.title`,
    summary: sql`t.summary`,
    type: sql`t.type`,
    type_source: sql`t.type_source`,
    attacker: sql`t.attacker`,
    targets: sql`t.targets`,
    country: sql`t.country`,
    region: sql`t.region`,
    place: sql`t.place`,
    time: range(sql`t.time`, sql`t.starts_at`, sql`t.ends_at`),
    time_precision: sql`t.time_precision`,
    time_precision_source: sql`t.time_precision_source`,
    starts_at: sql`t.starts_at`,
    ends_at: sql`t.ends_at`,
    ...precision,
    geo_precision_source: sql`t.geo_precision_source`,
    dataset: sql`t.dataset`,
    recorded_at: sql`t.recorded_at`,
  },
  regions: {
    code: sql`t.code`,
    geometry: sql`t.geom`,
    country: sql`t.country`,
    pcode: sql`t.pcode`,
    kind: sql`t.kind`,
    name_en: sql`t.name_en`,
    name_uk: sql`t.name_uk`,
  },
  claims: {
    id: sql`t.id`,
    geometry: sql`i.geom`,
    incident: sql`t.incident`,
    measure: sql`t.measure`,
    value_min: sql`t.value_min`,
    value_max: sql`t.value_max`,
    qualifier: sql`t.qualifier`,
    text: sql`t.text`,
    scope: sql`t.scope`,
    attributed_to: sql`t.attributed_to`,
    reported_at: range(sql`t.reported_at`, sql`t.reported_from`, sql`t.reported_until`),
    status: sql`t.stage`,
    stance: sql`t.stance`,
    party: sql`t.party`,
    cause: sql`t.cause`,
    source: sql`t.source`,
    geo_precision: sql`i.geo_precision`,
    uncertainty_m: sql`i.uncertainty_m`,
    area_only: sql`(SELECT p.area_only FROM geo_precision p WHERE p.code = i.geo_precision)`,
    recorded_at: sql`t.recorded_at`,
  },
  sources: {
    id: sql`t.id`,
    url: sql`t.url`,
    publisher: sql`t.publisher`,
    title: sql`t.title`,
    published_at: range(sql`t.published_at`, sql`t.published_from`, sql`t.published_until`),
    language: sql`t.language`,
    kind: sql`t.kind`,
    reliability: sql`t.reliability`,
    recorded_at: sql`t.recorded_at`,
  },
  places: {
    id: sql`t.id`,
    geometry: sql`t.geom`,
    name: sql`t.name`,
    name_uk: sql`t.name_uk`,
    country: sql`t.country`,
    region: sql`t.region`,
    population: sql`t.population`,
    geonames_id: sql`t.geonames_id`,
  },
};

/** Every such property of a collection. */
export function columnOf(collection: CollectionId, name: string): Sql | IntervalColumn {
  const columns: Readonly<Record<string, Sql | IntervalColumn>> = namedColumns[collection];
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column !== undefined) return column;
  const [figure] =
    collection === 'incidents' ? figureColumns.filter((each) => each.name === name) : [];
  if (figure === undefined) throw new TypeError(`${collection} has no column for ${name}`);
  return figure.column;
}

const figureColumns: readonly { readonly name: FigureName; readonly column: Sql }[] =
  figureMeasures.flatMap((measure) => [
    { name: `${measure}_lowest` as const, column: figure(measure, sql`f.lowest`) },
    { name: `${measure}_highest` as const, column: figure(measure, sql`f.highest`) },
  ]);

function figure(measure: FigureMeasure, value: Sql): Sql {
  return sql`(SELECT ${value} FROM figure f WHERE f.incident = t.id AND f.measure = ${measure})`;
}
