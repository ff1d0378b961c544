/** Features of each collection as the rows of a table, and what a picture of them shows. */

import type { ComponentChildren } from 'preact';
import {
  type Incident,
  incidentArea,
  incidentFeature,
  type Region,
  region as regionFeature,
} from '../../client/model.ts';
import {
  countryInWords,
  edtfInWords,
  languageInWords,
  regionInWords,
  reportedInWords,
  timeInWords,
} from '../../client/words.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { GeometryForm } from '../domain/paging.ts';
import type { MapArea, MapContent } from './map/map.tsx';
import {
  type ClaimFeature,
  claimFeature,
  type PlaceFeature,
  placeFeature,
  readFeatures,
  type SourceFeature,
  sourceFeature,
} from './model.ts';
import { FigureCell, OutwardLink, publisherOf, TypeSymbol } from './parts.tsx';
import { claimPoint, claimTitle, placeName, regionOfPlace, sourceTitle } from './records.tsx';
import { claimsOfOthers, outlineOf, regionName } from './region.tsx';
import type { Words } from './words.ts';

/** The address of a feature of any collection, at the point in time that the page is of. */
export type ItemUrl = (collection: CollectionId, id: string) => string;

/** The features of a page as JSON text, and where each has its own. */
export interface Listed {
  readonly features: readonly string[];
  /** Form of the incidents' geometries. */
  readonly geometry: GeometryForm;
  readonly itemUrl: ItemUrl;
}

export interface Listing {
  readonly table: ComponentChildren;
  readonly map: MapContent;
}

type ListedIncident = Pick<Incident, 'id' | 'properties'>;

interface Column<Feature> {
  readonly name: string;
  readonly kind?: 'name' | 'toll' | 'number' | 'when';
  readonly cell: (feature: Feature) => ComponentChildren;
}

/** How the features of each collection, given as JSON text, are listed. */
export const listings: Readonly<Record<CollectionId, (words: Words, listed: Listed) => Listing>> = {
  incidents: (words, { features, geometry, itemUrl }) => {
    const columns = incidentColumns(words, itemUrl);
    if (geometry === 'area') {
      const incidents = readFeatures(incidentArea, features);
      return {
        table: <Table columns={columns} rows={incidents} />,
        map: {
          points: [],
          areas: incidents.flatMap(({ id, geometry: area, properties: { title } }): MapArea[] =>
            area === null
              ? []
              : [{ geometry: area, kind: 'uncertain', title, href: itemUrl('incidents', id) }],
          ),
        },
      };
    }
    const incidents = readFeatures(incidentFeature, features);
    return {
      table: <Table columns={columns} rows={incidents} />,
      map: {
        areas: [],
        points: incidents.map(({ id, geometry, properties }) => ({
          position: [...geometry.coordinates],
          radius: properties.uncertainty_m,
          sign: properties.area_only ? 'none' : properties.type,
          title: properties.title,
          href: itemUrl('incidents', id),
        })),
      },
    };
  },
  regions: (words, { features, itemUrl }) => {
    const regions = readFeatures(regionFeature, features);
    return {
      table: <Table columns={regionColumns(words, itemUrl)} rows={regions} />,
      map: { points: [], areas: regions.flatMap((region) => outlineOf(words, region)) },
    };
  },
  claims: (words, { features, itemUrl }) => {
    const claims = readFeatures(claimFeature, features);
    const points = claims.flatMap((claim) =>
      claimPoint(words, claim).map((point) => ({ ...point, href: itemUrl('claims', claim.id) })),
    );
    // Claims about one incident share its point: the first stands for them.
    const apart = new Map(points.toReversed().map((point) => [point.position.join(), point]));
    return {
      table: <Table columns={claimColumns(words, itemUrl)} rows={claims} />,
      map: { areas: [], points: [...apart.values()] },
    };
  },
  sources: (words, { features, itemUrl }) => ({
    table: (
      <Table columns={sourceColumns(words, itemUrl)} rows={readFeatures(sourceFeature, features)} />
    ),
    map: { areas: [], points: [] },
  }),
  places: (words, { features, itemUrl }) => {
    const places = readFeatures(placeFeature, features);
    return {
      table: <Table columns={placeColumns(words, itemUrl)} rows={places} />,
      map: {
        areas: [],
        points: places.flatMap((place) => {
          const { id, geometry } = place;
          return geometry === null
            ? []
            : [
                {
                  position: [...geometry.coordinates],
                  radius: 0,
                  sign: 'place' as const,
                  title: placeName(words, place),
                  href: itemUrl('places', id),
                },
              ];
        }),
      },
    };
  },
};

function Table<Feature extends { readonly id: string }>({
  columns,
  rows,
}: {
  columns: readonly Column<Feature>[];
  rows: readonly Feature[];
}) {
  return (
    <table class="blocks">
      <thead>
        <tr>
          {columns.map(({ name, kind }) => (
            <th key={name} scope="col" class={kind}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {columns.map(({ name, kind, cell }) => (
              <td key={name} class={kind} data-name={kind === 'name' ? undefined : name}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function incidentColumns(words: Words, itemUrl: ItemUrl): Column<ListedIncident>[] {
  const { t, p, language } = words;
  return [
    {
      name: p.items.columns.incident,
      kind: 'name',
      cell: ({ id, properties }) => (
        <span class="signed">
          <TypeSymbol type={properties.type} known={properties.area_only ? 'area' : 'point'} />
          <span>
            <a href={itemUrl('incidents', id)} lang="en">
              {properties.title}
            </a>
            <span class="aside">
              <span lang="en">{properties.place}</span>
              {properties.area_only && ` · ${t.list.areaOnly}`}
            </span>
          </span>
        </span>
      ),
    },
    { name: p.items.fields.type, cell: ({ properties }) => t.types[properties.type] },
    { name: p.items.columns.when, kind: 'when', cell: (row) => timeInWords(t, row, 'short') },
    { name: p.items.columns.region, cell: (row) => regionInWords(t, language, row) },
    {
      name: t.measures.killed,
      kind: 'toll',
      cell: ({ properties }) => <FigureCell measure="killed" figure={properties.figures.killed} />,
    },
    {
      name: t.measures.injured,
      kind: 'toll',
      cell: ({ properties }) => (
        <FigureCell measure="injured" figure={properties.figures.injured} />
      ),
    },
  ];
}

function regionColumns(words: Words, itemUrl: ItemUrl): Column<Region>[] {
  const { t, p, language } = words;
  return [
    {
      name: p.items.columns.region,
      kind: 'name',
      cell: (region) => {
        const { name_en: en, name_uk: uk } = region.properties;
        const other = language === 'uk' ? en : uk;
        return (
          <>
            <a href={itemUrl('regions', region.id)}>{regionName(words, region)}</a>
            {other !== null && (
              <span class="aside" lang={language === 'uk' ? 'en' : 'uk'}>
                {other}
              </span>
            )}
          </>
        );
      },
    },
    {
      name: p.items.fields.country,
      cell: ({ properties }) => countryInWords(t, properties.country),
    },
    {
      name: p.items.columns.codes,
      cell: ({ properties }) =>
        properties.pcode === null ? properties.code : `${properties.code}, ${properties.pcode}`,
    },
    {
      name: p.items.columns.claimed,
      cell: (region) =>
        claimsOfOthers(region).length === 0
          ? p.none
          : claimsOfOthers(region)
              .map(({ claimant, since }) => {
                const who = countryInWords(t, claimant);
                return since === null ? who : p.items.since(who, edtfInWords(t, since, 'short'));
              })
              .join('; '),
    },
  ];
}

function claimColumns(words: Words, itemUrl: ItemUrl): Column<ClaimFeature>[] {
  const { t, p } = words;
  return [
    {
      name: p.items.columns.claim,
      kind: 'name',
      cell: (claim) => {
        const { measure, text, scope, scope_name: name } = claim.properties;
        const remark = t.incident.scopes[scope](name);
        return (
          <>
            <a href={itemUrl('claims', claim.id)}>{claimTitle(words, claim)}</a>
            {measure !== 'narrative' && text !== null && (
              <span class="aside" lang="en">
                {text}
              </span>
            )}
            {remark !== '' && <span class="aside">{remark}</span>}
          </>
        );
      },
    },
    {
      name: p.items.columns.who,
      cell: ({ properties }) => (
        <>
          <span lang="en">{properties.attributed_to}</span>
          <span class="aside">{reportedInWords(t, properties.reported_at)}</span>
        </>
      ),
    },
    {
      name: p.items.columns.about,
      cell: ({ properties }) => (
        <a href={itemUrl('incidents', properties.incident)}>{properties.incident}</a>
      ),
    },
    {
      name: p.items.columns.source,
      cell: ({ properties }) => (
        <OutwardLink href={properties.source_url}>
          {publisherOf({ publisher: properties.source_publisher, url: properties.source_url })}
        </OutwardLink>
      ),
    },
  ];
}

function sourceColumns(words: Words, itemUrl: ItemUrl): Column<SourceFeature>[] {
  const { t, p } = words;
  return [
    {
      name: p.items.columns.source,
      kind: 'name',
      cell: (source) => (
        <a href={itemUrl('sources', source.id)} lang={source.properties.language ?? undefined}>
          {sourceTitle(source)}
        </a>
      ),
    },
    {
      name: p.items.columns.publisher,
      cell: ({ properties }) => (
        <OutwardLink href={properties.url}>{publisherOf(properties)}</OutwardLink>
      ),
    },
    {
      name: p.items.columns.published,
      kind: 'when',
      cell: ({ properties }) =>
        properties.published_at === null
          ? p.notGiven
          : edtfInWords(t, properties.published_at, 'short'),
    },
    {
      name: p.items.columns.language,
      cell: ({ properties }) =>
        properties.language === null ? p.notGiven : languageInWords(t, properties.language),
    },
    {
      name: p.source.kind,
      cell: ({ properties }) =>
        properties.kind === null ? p.notGiven : p.source.kinds[properties.kind],
    },
  ];
}

function placeColumns(words: Words, itemUrl: ItemUrl): Column<PlaceFeature>[] {
  const { t, p } = words;
  return [
    {
      name: p.items.columns.place,
      kind: 'name',
      cell: (place) => <a href={itemUrl('places', place.id)}>{placeName(words, place)}</a>,
    },
    { name: p.items.columns.region, cell: (place) => regionOfPlace(words, place) },
    {
      name: p.items.fields.country,
      cell: ({ properties }) => countryInWords(t, properties.country),
    },
    {
      name: p.items.columns.population,
      kind: 'number',
      cell: ({ properties }) =>
        properties.population === null ? p.notGiven : t.number(properties.population),
    },
  ];
}
