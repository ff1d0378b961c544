import { type FeaturePages, withProperties } from './feature.ts';
import type { About, Format } from './format.ts';

const recordSeparator = '\u001e';

/** GeoJSON Text Sequences (RFC 8142): a record separator before every Feature, a line for each. */
export const geojsonseq: Format = {
  title: 'GeoJSON Text Sequence',
  mediaType: 'application/geo+json-seq',
  extension: 'geojsons',
  isByteStable: true,
  write,
};

async function* write(pages: FeaturePages, { properties }: About): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page
      .map((feature) => `${recordSeparator}${onOneLine(withProperties(feature, properties))}\n`)
      .join('');
  }
}

/** PostgreSQL breaks lines between the elements of a list; inside JSON strings there are none. */
function onOneLine(json: string): string {
  return json.replaceAll('\n', '');
}
