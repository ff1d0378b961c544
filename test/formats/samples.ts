import type { ExportedFeature } from '../../server/formats/feature.ts';
import type { About, Format } from '../../server/formats/format.ts';

/** Texts that one format or another could break on. */
export const hostileTexts: Readonly<Record<string, string>> = {
  quotes: 'He said "no", she said \'yes\'',
  commas: 'one, two; three|four\tfive',
  lines: 'first\nsecond\r\nthird\rfourth',
  rightToLeft: 'ضربة \u202eخاركيف\u202c Харків ґ',
  emoji: 'drone 🛩️ and family 👨‍👩‍👧',
  cdata: '<![CDATA[ a ]]> & &amp; <b onclick="x">bold</b>',
  script: '</SimpleData><script>alert(1)</script>',
  equals: '=1+2',
  plus: '+44 20 7946 0000',
  minus: '-HYPERLINK("http://example.org")',
  at: '@SUM(A1)',
  tab: '\t=1+2',
  carriageReturn: '\r=1+2',
  lineFeed: '\n=1+2',
  apostrophe: "'tis",
  twoApostrophes: "''=1",
  spaces: '  padded  ',
  empty: '',
  control: 'bell\u0007 escape\u001b record\u001e',
  lineSeparator: 'a\u2028b\u2029c\u0085d',
  nonCharacter: 'a\ufffeb\uffffc',
  backslashes: 'C:\\new\\table \\u0041',
};

const figure = {
  lowest: 1,
  highest: 16,
  at_least: true,
  claims: 3,
  latest: {
    value_min: 16,
    value_max: null,
    qualifier: 'at_least',
    attributed_to: '=cmd|"/c calc"!A0',
    reported_at: '2025-08-05T09:00:00+03:00',
    claim: 'c1',
    source: 's1',
    source_publisher: 'Публікація <&>',
    source_url: 'https://example.org/?a=1&b="2"',
  },
};

/** Incidents whose title, summary and place are hostile texts; every second one has no figures. */
export const hostileIncidents: readonly ExportedFeature[] = Object.entries(hostileTexts).map(
  ([name, text], index) => ({
    type: 'Feature',
    id: `hostile-${name}`,
    geometry: { type: 'Point', coordinates: [30 + index / 7, 50 - index / 3] },
    properties: {
      title: text,
      summary: `${text}${text}`,
      type: 'drone_strike',
      attacker: 'unknown',
      targets: index % 2 === 0 ? [] : ['rail', 'energy_power'],
      country: 'UA',
      region: index % 2 === 0 ? null : 'UA-63',
      region_name: index % 2 === 0 ? null : { en: text, uk: text },
      place: text,
      time: '2025-08-05/2025-08-06',
      time_precision: 'range',
      time_local: null,
      starts_at: '2025-08-05T00:00:00+00:00',
      ends_at: '2025-08-07T00:00:00+00:00',
      geo_precision: index % 3 === 0 ? 'region' : 'settlement',
      uncertainty_m: 5000,
      area_only: index % 3 === 0,
      coordinate_source: 'GeoNames',
      figures: index % 2 === 0 ? {} : { killed: figure },
      dataset: 'test',
      recorded_at: '2026-11-23T08:47:44.066151+00:00',
    },
  }),
);

/** The JSON text of features, as pages of at most `size`. */
export function pagesOf(features: readonly ExportedFeature[], size = 7): string[][] {
  const texts = features.map((feature) => JSON.stringify(feature));
  const pages: string[][] = [];
  for (let start = 0; start < texts.length; start += size) {
    pages.push(texts.slice(start, start + size));
  }
  return pages;
}

/** What a file of so many features of a collection says of itself. */
export function aboutOf(collection: About['collection'], count: number): About {
  return {
    collection,
    geometry: 'point',
    publisher: 'Strike Atlas',
    links: [
      {
        rel: 'self',
        href: `https://atlas.example/api/collections/${collection}/items?f=atom&q="a"`,
        type: 'application/atom+xml',
        title: 'This file',
      },
    ],
    numberMatched: count,
    numberReturned: count,
    timeStamp: '2026-11-23T09:00:00.000Z',
    itemUrl: (id) => `https://atlas.example/api/collections/${collection}/items/${id}`,
  };
}

/** A whole file in memory. */
export async function fileOf(
  format: Format,
  pages: readonly (readonly string[])[],
  about: About,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of format.write(pages, about)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
