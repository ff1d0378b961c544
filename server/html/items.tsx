import type { Geometry } from 'geojson';
import { incidentInFull, region as regionFeature } from '../../client/model.ts';
import { filterValueInWords, type Names } from '../../client/words.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { Filter } from '../domain/filter.ts';
import type { GeometryForm } from '../domain/paging.ts';
import type { RegionName } from '../queries/region-names.ts';
import { type Link, urls } from '../routes/links.ts';
import { FilterForm, fieldName, type Given } from './form.tsx';
import { describeIncident, IncidentArticle } from './incident.tsx';
import { type ItemUrl, listings } from './listings.tsx';
import { claimFeature, placeFeature, sourceFeature } from './model.ts';
import type { Page, Step } from './page.tsx';
import { Picture } from './parts.tsx';
import {
  ClaimArticle,
  claimTitle,
  PlaceArticle,
  placeName,
  SourceArticle,
  sourceTitle,
} from './records.tsx';
import { RegionArticle, regionName } from './region.tsx';
import { useWords, type Words } from './words.ts';

/** A page of features and what was asked for it. */
export interface ItemsContent {
  readonly collection: CollectionId;
  /** GeoJSON features as JSON text. */
  readonly features: readonly string[];
  readonly numberMatched: number;
  readonly links: readonly Link[];
  readonly given: Given;
  readonly filter: Filter;
  /** Form of the incidents' geometries. */
  readonly geometry: GeometryForm;
  /** Names of the regions that the filter may choose. */
  readonly regions: readonly RegionName[];
}

/** Parameters that choose a page or its form and select nothing. */
const unfiltering = [
  'f',
  'limit',
  'cursor',
  'crs',
  'bbox-crs',
  'geometry',
  'sortby',
  'filter-lang',
];

/** The page of what a filter selects: picture, form, table, neighbours. */
export function itemsPage(words: Words, content: ItemsContent): Page {
  const { collection, links } = content;
  const { p } = words;
  return {
    title: p.titles[collection],
    description: p.about[collection],
    path: [...collectionSteps(words, collection), { title: itemsTitle(words), href: self(links) }],
    links,
    content: <Items content={content} />,
  };
}

function Items({ content }: { content: ItemsContent }) {
  const words = useWords();
  const { p } = words;
  const { collection, features, numberMatched, links, given, geometry } = content;
  const itemUrl = itemUrlAt(words, given);
  const { table, map } = listings[collection](words, { features, geometry, itemUrl });
  return (
    <>
      <h1>{p.titles[collection]}</h1>
      <p class="lead">{p.about[collection]}</p>
      <Picture label={p.items.mapOf[collection]} content={map} shape="wide" />
      <FilterForm collection={collection} given={given} regions={content.regions} />
      <Active content={content} />
      <div class="results-head">
        <h2>{p.items.results}</h2>
        <p class="hint" role="status">
          {p.items.shown(features.length, numberMatched)}
        </p>
      </div>
      {features.length === 0 ? <p class="notice">{p.items.nothing}</p> : table}
      <Neighbours links={links} />
    </>
  );
}

/** What the page is filtered by, each with the address of the page without it. */
function Active({ content }: { content: ItemsContent }) {
  const words = useWords();
  const { p, base } = words;
  const { collection, given, filter, regions } = content;
  const names = new Map(
    regions.map(({ code, en, uk }) => [code, words.language === 'uk' ? (uk ?? en) : en]),
  );
  const active = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || unfiltering.includes(name) ? [] : [{ name, value }],
  );
  if (active.length === 0) return null;
  const without = (left: readonly string[]) =>
    urls.items(
      base,
      collection,
      Object.entries(given).flatMap(([name, value]) =>
        value === undefined || name === 'cursor' || left.includes(name)
          ? []
          : [[name, value] as const],
      ),
    );
  return (
    <ul class="active" aria-label={p.items.active}>
      {active.map(({ name, value }) => {
        const text = filterInWords(words, filter, names, name, value);
        return (
          <li key={name}>
            <a href={without([name])} title={p.items.without(text)}>
              {text}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function filterInWords(
  words: Words,
  filter: Filter,
  names: Names,
  name: string,
  value: string,
): string {
  const { t } = words;
  if (isChip(t.filter.chips, name)) {
    return t.filter.chips[name](filterValueInWords(t, filter, name, names));
  }
  return `${fieldName(words, name)}: ${value}`;
}

function isChip<Chips extends object>(chips: Chips, name: string): name is keyof Chips & string {
  return Object.hasOwn(chips, name);
}

/** Leads to the pages before and after. */
export function Neighbours({ links }: { links: readonly Link[] }) {
  const { p } = useWords();
  const prev = links.find(({ rel }) => rel === 'prev');
  const next = links.find(({ rel }) => rel === 'next');
  if (prev === undefined && next === undefined) return null;
  return (
    <nav aria-label={p.items.pages}>
      <ul class="pages">
        {prev !== undefined && (
          <li>
            <a href={prev.href} rel="prev">
              ← {p.items.previous}
            </a>
          </li>
        )}
        {next !== undefined && (
          <li>
            <a href={next.href} rel="next">
              {p.items.next} →
            </a>
          </li>
        )}
      </ul>
    </nav>
  );
}

/** A page of yesterday's record leads to yesterday's features. */
function itemUrlAt({ base }: Words, { as_of: asOf, known_by: knownBy }: Given): ItemUrl {
  const search = new URLSearchParams();
  if (asOf !== undefined) search.set('as_of', asOf);
  if (knownBy !== undefined) search.set('known_by', knownBy);
  const suffix = search.size === 0 ? '' : `?${search}`;
  return (collection, id) => `${urls.item(base, collection, id)}${suffix}`;
}

/** One feature and what belongs on its page. */
export interface FeatureContent {
  readonly collection: CollectionId;
  readonly id: string;
  /** GeoJSON as JSON text. */
  readonly feature: string;
  /** For an incident, the area that its point stands for. */
  readonly area: Geometry | null;
  readonly links: readonly Link[];
}

/** The page of one feature. */
export function featurePage(words: Words, content: FeatureContent): Page {
  const { collection, id, links } = content;
  const { title, description, body } = described(words, content);
  return {
    title,
    description,
    path: [
      ...collectionSteps(words, collection),
      { title: itemsTitle(words), href: urls.items(words.base, collection) },
      { title: id, href: self(links) },
    ],
    links,
    content: body,
  };
}

function described(words: Words, { collection, id, feature, area }: FeatureContent) {
  const value: unknown = JSON.parse(feature);
  const { p, base } = words;
  switch (collection) {
    case 'incidents': {
      const incident = incidentInFull(value, id);
      return {
        title: incident.properties.title,
        description: describeIncident(words, incident),
        body: (
          <IncidentArticle
            incident={incident}
            area={area}
            twin={{ title: p.incident.openOnMap, href: urls.incident(base, id) }}
          />
        ),
      };
    }
    case 'regions': {
      const region = regionFeature(value, id);
      const name = regionName(words, region);
      return {
        title: name,
        description: `${name}, ${id}`,
        body: (
          <RegionArticle
            region={region}
            twin={{ title: p.incident.openOnMap, href: urls.region(base, id) }}
          />
        ),
      };
    }
    case 'claims': {
      const claim = claimFeature(value, id);
      const title = claimTitle(words, claim);
      const description = `${title}. ${claim.properties.attributed_to}`;
      return { title, description, body: <ClaimArticle claim={claim} /> };
    }
    case 'sources': {
      const source = sourceFeature(value, id);
      const title = sourceTitle(source);
      return { title, description: source.properties.url, body: <SourceArticle source={source} /> };
    }
    case 'places': {
      const place = placeFeature(value, id);
      const title = placeName(words, place);
      return { title, description: `${title}, ${id}`, body: <PlaceArticle place={place} /> };
    }
  }
}

/** From the start of the API to a collection. */
export function collectionSteps({ p, base }: Words, collection: CollectionId): Step[] {
  return [
    { title: p.collections.title, href: urls.collections(base) },
    { title: p.titles[collection], href: urls.collection(base, collection) },
  ];
}

const itemsTitle = ({ p }: Words): string => p.items.results;

/** The page's own address. */
export function self(links: readonly Link[]): string {
  return links.find(({ rel }) => rel === 'self')?.href ?? '';
}
