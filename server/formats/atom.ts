import { type CollectionId, collections } from '../domain/collections.ts';
import { captions } from './captions.ts';
import { batchesOf, type ExportedFeature, type FeaturePages } from './feature.ts';
import { fieldsOf, type Row, rowOf } from './fields.ts';
import type { About, FileLink, Format } from './format.ts';
import { element, emptyElement, xmlDeclaration } from './xml.ts';

/** Entries in a feed, and the most that may be asked for. */
export const feedLimit = { default: 50, max: 500 } as const;

/**
 * Atom (RFC 4287) with GeoRSS Simple (OGC 17-002r1): a feed of what is new or has changed, for
 * collections that say when a record was made. An entry's point has its radius of uncertainty with
 * it; where only an area is known there is its name and no point.
 */
export const atom: Format = {
  title: 'Atom feed',
  mediaType: 'application/atom+xml',
  extension: 'atom',
  isByteStable: false,
  refusal,
  write,
};

const fed: readonly CollectionId[] = ['incidents', 'claims', 'sources'];

function refusal(collection: CollectionId): string | undefined {
  if (fed.includes(collection)) return undefined;
  return `There is no feed of ${collection}: their records do not say when they were made. There are feeds of ${fed.join(', ')}.`;
}

async function* write(pages: FeaturePages, about: About): AsyncGenerator<string> {
  const { collection } = about;
  const fields = fieldsOf({ collection });
  let isOpen = false;
  for await (const features of batchesOf(pages)) {
    const rows = features.map((feature) => ({ feature, row: rowOf(fields, feature) }));
    const [newest] = rows;
    if (!isOpen && newest !== undefined) {
      yield head(about, instant(newest.row.recorded_at));
      isOpen = true;
    }
    yield rows.map(({ feature, row }) => entry(feature, row, about)).join('');
  }
  if (!isOpen) yield head(about, about.timeStamp);
  yield '</feed>\n';
}

/** Features come newest first, so the first was changed last. */
function head({ collection, publisher, links }: About, updated: string): string {
  const { title, description, licence } = collections[collection];
  const self = links.find(({ rel }) => rel === 'self');
  return [
    xmlDeclaration,
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="en">\n',
    element('id', self?.href ?? `tag:strike-atlas,2026:${collection}`),
    element('title', `${publisher}: ${title}`),
    element('subtitle', description),
    element('updated', updated),
    `<author>${element('name', publisher)}</author>`,
    element('rights', `${licence.title}, ${licence.href}`),
    ...links.map(link),
    '\n',
  ].join('');
}

function entry(feature: ExportedFeature, row: Row, { collection, itemUrl }: About): string {
  const { title, lines } = captions[collection](row);
  const address = itemUrl(feature.id);
  return [
    '<entry>',
    element('id', address),
    element('title', title),
    element('updated', instant(row.recorded_at)),
    link({ rel: 'alternate', href: address, type: 'application/geo+json' }),
    ...via(row),
    ...categories(row),
    element('summary', lines.join('\n')),
    where(feature, row),
    '</entry>\n',
  ].join('');
}

function link({ href, rel, type, title }: FileLink): string {
  return emptyElement('link', { rel, href, type, title });
}

/** The publication that a claim or a source entry comes from. */
function via({ url, source_url: sourceUrl }: Row): string[] {
  const href = url ?? sourceUrl;
  return typeof href === 'string' ? [link({ rel: 'via', href })] : [];
}

function categories({ type, measure, kind }: Row): string[] {
  return [type, measure, kind].flatMap((term) =>
    typeof term === 'string' ? [emptyElement('category', { term })] : [],
  );
}

function where({ geometry }: ExportedFeature, row: Row): string {
  const name = typeof row.place === 'string' ? element('georss:featurename', row.place) : '';
  if (geometry?.type !== 'Point' || row.area_only === true) return name;
  const [longitude, latitude] = geometry.coordinates;
  const radius =
    typeof row.uncertainty_m === 'number'
      ? element('georss:radius', String(row.uncertainty_m))
      : '';
  return `${element('georss:point', `${latitude} ${longitude}`)}${radius}${name}`;
}

/** Every record of a collection that is fed has the instant at which it became the record. */
function instant(value: Row[string] | undefined): string {
  if (typeof value !== 'string') throw new TypeError('a feed needs records with recorded_at');
  return value;
}
