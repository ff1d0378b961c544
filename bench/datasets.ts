import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readPlaces } from '../geodata/places.ts';

/** Files like those that people bring: everything in them is made up but the settlements. */
export const datasetMakers: Readonly<Record<string, DatasetMaker>> = {
  'ucdp-ged': {
    heading:
      'id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob',
    row: ucdpRow,
  },
  acled: {
    heading:
      'event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp',
    row: acledRow,
  },
};

interface DatasetMaker {
  readonly heading: string;
  readonly row: (event: MadeUpEvent) => readonly (string | number)[];
}

interface MadeUpEvent {
  readonly n: number;
  readonly place: string;
  readonly lon: number;
  readonly lat: number;
  /** First and last day. */
  readonly days: readonly [first: string, last: string];
  readonly killed: number;
}

const settlements = readPlaces()
  .filter(({ country }) => country === 'UA')
  .toSorted((a, b) => (b.population ?? 0) - (a.population ?? 0));

/** Multiples of an irrational number fall evenly between 0 and 1. */
const even = (n: number, irrational: number): number => (n * irrational) % 1;

const day = (days: number): string =>
  new Date(Date.UTC(2021, 8, 1) + days * 86_400_000).toISOString().slice(0, 10);

/** Most in few settlements, three in a hundred on one point; some known only to a week or a month. */
function eventOf(n: number, count: number): MadeUpEvent {
  const rank = n % 33 === 0 ? 0 : Math.floor(settlements.length * even(n, 0.618033988749895) ** 3);
  const { name: place, lon, lat } = settlements[rank] ?? { name: 'Kyiv', lon: 30.5, lat: 50.5 };
  // In the order of their days, as such files come.
  const first = Math.floor((1_460 * n) / count);
  const length = n % 60 === 7 ? 30 : n % 20 === 3 ? 7 : 1;
  return {
    n,
    place,
    lon: n % 2 === 0 ? lon : Number((lon + 0.08 * even(n, 0.671043606703789)).toFixed(6)),
    lat: n % 2 === 0 ? lat : Number((lat + 0.05 * even(n, 0.54970047790197)).toFixed(6)),
    days: [day(first), day(first + length - 1)],
    killed: n % 3 === 0 ? n % 40 : 0,
  };
}

function ucdpRow({ n, place, lon, lat, days: [first, last], killed }: MadeUpEvent) {
  const precise = n % 60 === 7 ? 4 : n % 20 === 3 ? 3 : 1;
  const source = `Made-up Gazette ${n % 900}`;
  return [
    ...[n + 1, `MADE-UP-2021-1-${n}`, first.slice(0, 4), 1, 'Clear', 1 + (n % 3), 1, 1],
    ...['Made-up conflict', 1, 1, 'Side A - Side B', 1, 1, 'Side A', 2, 2, 'Side B', 1],
    ...[`"${source},${first},A made-up headline of about the usual length"`, source],
    ...[first, `A made-up headline of about the usual length, number ${n}`, `${source} desk`],
    ...[precise, `${place} town`, `${place}, as the made-up report has it`, '', ''],
    ...[lat, lon, `POINT (${lon} ${lat})`, 200_000 + (n % 5_000), 'Ukraine', 369, 'Europe', 1],
    ...[n % 60 === 7 ? 4 : n % 20 === 3 ? 3 : 1, `${first} 00:00:00.000`, `${last} 00:00:00.000`],
    ...[0, 0, killed, 0, killed, killed + (n % 5), Math.max(killed - (n % 3), 0), 369, 365],
  ];
}

function acledRow({ n, place, lon, lat, days: [first], killed }: MadeUpEvent) {
  const note = `On ${first}, so it is made up, something struck ${place} (number ${n}); nobody saw it, "several" tell of it.`;
  return [
    ...[`MADE${n}`, first, first.slice(0, 4), n % 60 === 7 ? 3 : n % 20 === 3 ? 2 : 1],
    ...['Political violence', 'Explosions/Remote violence'],
    n % 3 === 0 ? 'Air/drone strike' : 'Shelling/artillery/missile attack',
    ...[
      'Side A',
      '',
      'State forces',
      'Side B',
      '',
      'State forces',
      'State forces-State forces',
      '',
    ],
    ...[804, 'Europe', 'Ukraine', 'Made-up', 'Made-up district', '', place, lat, lon],
    ...[n % 60 === 7 ? 3 : n % 20 === 3 ? 2 : 1, `Made-up Gazette ${n % 900}; Made-up Radio`],
    ...['National', note, killed, '', 1_900_000_000 + n],
  ];
}

const cell = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** Writes a table of so many made-up events; the same number makes the same file. */
export async function writeDataset(
  file: string,
  { heading, row }: DatasetMaker,
  count: number,
): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(`${heading}\n`);
  const perChunk = 1_000;
  for (let from = 0; from < count; from += perChunk) {
    const length = Math.min(perChunk, count - from);
    const rows = Array.from({ length }, (_, index) =>
      row(eventOf(from + index, count))
        .map(cell)
        .join(','),
    );
    if (!stream.write(`${rows.join('\n')}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}
