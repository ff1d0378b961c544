import type { FeaturePages } from './feature.ts';
import type { Format } from './format.ts';

const recordSeparator = '\u001e';

/** GeoJSON Text Sequences (RFC 8142): a record separator before every Feature, a line for each. */
export const geojsonseq: Format = {
  title: 'GeoJSON Text Sequence',
  mediaType: 'application/geo+json-seq',
  extension: 'geojsons',
  isByteStable: true,
  write,
};

async function* write(pages: FeaturePages): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page.map((feature) => `${recordSeparator}${onOneLine(feature)}\n`).join('');
  }
}

/** PostgreSQL breaks lines between the elements of a list; inside JSON strings there are none. */
function onOneLine(json: string): string {
  return json.replaceAll('\n', '');
}
