import type { FeaturePages } from './feature.ts';
import type { About, Format } from './format.ts';

/** GeoJSON (RFC 7946): one FeatureCollection, its counts and links before its features. */
export const geojson: Format = {
  title: 'GeoJSON',
  mediaType: 'application/geo+json',
  extension: 'geojson',
  isByteStable: false,
  write,
};

async function* write(pages: FeaturePages, about: About): AsyncGenerator<string> {
  const head = JSON.stringify({
    type: 'FeatureCollection',
    numberMatched: about.numberMatched,
    numberReturned: about.numberReturned,
    timeStamp: about.timeStamp,
    links: about.links,
  });
  let before = `${head.slice(0, -1)},"features":[`;
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield `${before}${page.join(',\n')}`;
    before = ',\n';
  }
  yield before === ',\n' ? ']}' : `${before}]}`;
}
