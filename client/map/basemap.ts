import type { LayerSpecification, VectorSourceSpecification } from 'maplibre-gl';
import type { Language } from '../text/index.ts';
import { imageName } from './symbols.ts';
import { labelFonts, type Theme } from './theme.ts';

/** Land, borders and names from the server at `origin`; no other host is asked for anything. */
export function basemapSource(origin: string): VectorSourceSpecification {
  return { type: 'vector', tiles: [`${origin}/api/basemap/{z}/{y}/{x}`], maxzoom: 12 };
}

/** The opacity of small towns' names. */
export const smallTown = 0.78;

const land = { source: 'basemap', 'source-layer': 'land' } as const;
const lines = { source: 'basemap', 'source-layer': 'lines' } as const;
const names = { source: 'basemap', 'source-layer': 'labels' } as const;

/**
 * Sea, land and, where `regions` says so, the regions of Ukraine: what lies beneath everything else.
 * A colour that depends on the feature would have to be laid out anew in another theme: none does.
 */
export function groundLayers(
  theme: Theme,
  regions: { readonly visibility: 'none' | 'visible' },
): LayerSpecification[] {
  const { map } = theme;
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': map.sea } },
    {
      id: 'coast',
      type: 'line',
      ...land,
      paint: {
        'line-color': map.coast,
        'line-width': ['interpolate', ['linear'], ['zoom'], 3, 1.2, 8, 2.6],
      },
    },
    {
      id: 'land',
      type: 'fill',
      ...land,
      filter: ['!=', ['get', 'kind'], 'ukraine'],
      paint: { 'fill-color': map.land, 'fill-antialias': false },
    },
    {
      id: 'ukraine',
      type: 'fill',
      ...land,
      filter: ['==', ['get', 'kind'], 'ukraine'],
      paint: { 'fill-color': map.ukraine, 'fill-antialias': false },
    },
    {
      id: 'region-borders',
      type: 'line',
      ...lines,
      filter: ['==', ['get', 'kind'], 'region'],
      layout: { ...regions, 'line-join': 'round' },
      paint: {
        'line-color': map.regionBorder,
        'line-width': ['interpolate', ['linear'], ['zoom'], 4, 0.6, 9, 1.6],
      },
    },
  ];
}

/** Borders between states, above the hatching of claims. */
export function borderLayers(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'country-borders',
      type: 'line',
      ...lines,
      filter: ['==', ['get', 'kind'], 'country'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': theme.map.countryBorder,
        'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.8, 6, 1.4, 10, 2.2],
      },
    },
  ];
}

/** Names of seas, countries and towns; a town shows from the zoom that its rank allows. */
export function labelLayers(theme: Theme, language: Language): LayerSpecification[] {
  const { map } = theme;
  const name: ['coalesce', ['get', Language], ['get', 'en']] = [
    'coalesce',
    ['get', language],
    ['get', 'en'],
  ];
  const halo = { 'text-halo-color': map.halo, 'text-halo-width': 1.4, 'text-halo-blur': 0.4 };
  return [
    {
      id: 'sea-labels',
      type: 'symbol',
      ...names,
      filter: ['==', ['get', 'kind'], 'sea'],
      layout: {
        'text-field': name,
        'text-font': [...labelFonts.water],
        'text-size': ['interpolate', ['linear'], ['zoom'], 3, 11, 7, 17],
        'text-letter-spacing': 0.14,
        'text-max-width': 7,
      },
      paint: { 'text-color': map.seaLabel },
    },
    {
      id: 'town-labels',
      type: 'symbol',
      ...names,
      filter: [
        'all',
        ['==', ['get', 'kind'], 'town'],
        [
          '>=',
          ['zoom'],
          ['match', ['get', 'rank'], 0, 3, 1, 4.2, 2, 5.2, 3, 6.2, 4, 7.1, 5, 8.2, 9.2],
        ],
      ],
      layout: {
        'icon-image': imageName.town,
        'icon-size': ['match', ['get', 'rank'], 0, 1.35, 1, 1.1, 2, 0.95, 0.8],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
        'text-field': name,
        'text-font': [...labelFonts.regular],
        'text-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          4,
          ['match', ['get', 'rank'], 0, 12, 1, 11, 10],
          9,
          ['match', ['get', 'rank'], 0, 18, 1, 16, 2, 14.5, 3, 13, 4, 12, 11],
        ],
        // The farther places are for names that an incident's symbol would cover.
        'text-variable-anchor-offset': [
          'left',
          [0.55, 0],
          'right',
          [-0.55, 0],
          'left',
          [1.5, 0],
          'right',
          [-1.5, 0],
          'top',
          [0, 1.45],
          'bottom',
          [0, -1.45],
        ],
        'text-justify': 'auto',
        'text-max-width': 8,
        'text-optional': false,
        'symbol-sort-key': ['-', 0, ['get', 'population']],
      },
      paint: {
        'text-color': map.label,
        'text-opacity': ['case', ['<=', ['get', 'rank'], 2], 1, smallTown],
        ...halo,
      },
    },
    {
      id: 'country-labels',
      type: 'symbol',
      ...names,
      maxzoom: 7.5,
      filter: [
        'all',
        ['==', ['get', 'kind'], 'country'],
        ['>=', ['zoom'], ['match', ['get', 'rank'], 1, 2, 2, 3, 4.2]],
      ],
      layout: {
        'text-field': ['upcase', name],
        'text-font': [...labelFonts.semibold],
        'text-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          3,
          ['match', ['get', 'rank'], 1, 11, 2, 9.5, 8.5],
          7,
          ['match', ['get', 'rank'], 1, 19, 2, 15, 12],
        ],
        'text-letter-spacing': 0.22,
        'text-max-width': 9,
      },
      paint: { 'text-color': map.labelMuted, ...halo, 'text-opacity': 0.85 },
    },
  ];
}
