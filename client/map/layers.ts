import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  SourceSpecification,
} from 'maplibre-gl';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { LayerSwitch } from '../state.ts';
import type { Language } from '../text/index.ts';
import { basemapSources, borderLayers, groundLayers, labelLayers } from './basemap.ts';
import { nothing } from './features.ts';
import { imageName } from './symbols.ts';
import { labelFonts, type Theme } from './theme.ts';

/** The deepest zoom of the map; beyond it the boundaries are coarser than the screen. */
export const maxZoom = 12;

/**
 * Where incidents come from. They are grouped in the browser for now; the layers below read only
 * `point_count` and a count per type, which vector tiles with server clusters can carry as well.
 */
function clustered(radius: number): GeoJSONSourceSpecification {
  return {
    type: 'geojson',
    data: nothing,
    cluster: true,
    clusterRadius: radius,
    // Incidents of one settlement share one point at every zoom: they stay a group and are listed.
    clusterMaxZoom: maxZoom + 1,
    clusterProperties: Object.fromEntries(
      incidentTypeCodes.map((type) => [type, ['+', ['case', ['==', ['get', 'type'], type], 1, 0]]]),
    ),
  };
}

const empty: GeoJSONSourceSpecification = { type: 'geojson', data: nothing };

/** Every source of the map; those of our own data are filled by the map's owner. */
export const sources: Readonly<Record<string, SourceSpecification>> = {
  ...basemapSources,
  claims: empty,
  'claim-labels': empty,
  areas: empty,
  discs: empty,
  focus: empty,
  incidents: clustered(34),
  'area-incidents': clustered(26),
};

/** Layers that answer the pointer, uppermost first. */
export const pointerLayers = ['incidents', 'area-incidents', 'claims'] as const;

export interface Appearance {
  readonly theme: Theme;
  readonly language: Language;
  readonly hidden: readonly LayerSwitch[];
}

const isCluster: ExpressionSpecification = ['has', 'point_count'];

/** A count per type, joined by commas, as the images of clusters are named. */
const mix: ExpressionSpecification = [
  'concat',
  ...incidentTypeCodes.flatMap((type, index): (string | ExpressionSpecification)[] => [
    ...(index === 0 ? [] : [',']),
    ['to-string', ['get', type]],
  ]),
];

/** Pure: the layers, lowest first. */
export function layers({ theme, language, hidden }: Appearance): LayerSpecification[] {
  const visible = (name: LayerSwitch) =>
    ({ visibility: hidden.includes(name) ? 'none' : 'visible' }) as const;
  const labels = labelLayers(theme, language).map(
    (layer): LayerSpecification =>
      layer.type === 'symbol'
        ? { ...layer, layout: { ...layer.layout, ...visible('labels') } }
        : layer,
  );
  return [
    ...groundLayers(theme),
    ...claimLayers(theme, visible('claims')),
    ...borderLayers(theme),
    ...areaLayers(theme, visible('uncertainty')),
    // What is drawn later is placed first: names of towns give way to labels of claims.
    ...labels,
    ...claimLabelLayers(theme, visible('claims')),
    ...incidentLayers(theme),
  ];
}

type Visible = { readonly visibility: 'none' | 'visible' };

function claimLayers(theme: Theme, visible: Visible): LayerSpecification[] {
  return [
    {
      id: 'claims',
      type: 'fill',
      source: 'claims',
      layout: visible,
      paint: { 'fill-pattern': imageName.hatch(theme) },
    },
    {
      id: 'claim-outlines',
      type: 'line',
      source: 'claims',
      layout: { ...visible, 'line-join': 'round' },
      paint: {
        'line-color': theme.map.claim,
        'line-width': ['interpolate', ['linear'], ['zoom'], 4, 1, 9, 2],
        'line-dasharray': [5, 2.4],
        'line-opacity': 0.9,
      },
    },
  ];
}

function claimLabelLayers(theme: Theme, visible: Visible): LayerSpecification[] {
  const paint = {
    'text-color': theme.map.claimLabel,
    'text-halo-color': theme.map.halo,
    'text-halo-width': 2.2,
  };
  return [
    {
      id: 'claim-labels',
      type: 'symbol',
      source: 'claim-labels',
      minzoom: 4.3,
      filter: ['case', ['==', ['get', 'kind'], 'group'], ['<', ['zoom'], 7], ['>=', ['zoom'], 7]],
      layout: {
        ...visible,
        'text-field': ['get', 'text'],
        'text-font': [...labelFonts.semibold],
        'text-size': ['interpolate', ['linear'], ['zoom'], 4.3, 9.5, 5.5, 11, 8, 12.5],
        'text-max-width': 16,
        'text-line-height': 1.25,
        'text-variable-anchor-offset': [
          'center',
          [0, 0],
          'top',
          [0, 1.8],
          'bottom',
          [0, -1.8],
          'left',
          [1.8, 0],
          'right',
          [-1.8, 0],
          'top',
          [0, 3.6],
          'bottom',
          [0, -3.6],
          'left',
          [3.6, 0],
          'right',
          [-3.6, 0],
        ],
        'text-padding': 1,
        // It dodges symbols where it can, and is never left out where it cannot.
        'text-overlap': 'always',
      },
      paint,
    },
  ];
}

function areaLayers(theme: Theme, uncertainty: Visible): LayerSpecification[] {
  const typeColour: ExpressionSpecification = [
    'to-color',
    ['get', ['get', 'type'], ['literal', { ...theme.types }]],
  ];
  return [
    {
      id: 'areas',
      type: 'fill',
      source: 'areas',
      paint: {
        'fill-pattern': imageName.dots(theme),
        'fill-opacity': [
          'interpolate',
          ['linear'],
          ['zoom'],
          5.5,
          ['case', ['get', 'wide'], 0.14, 0.9],
          8,
          ['case', ['get', 'wide'], 0.05, 0.7],
        ],
      },
    },
    {
      id: 'area-outlines',
      type: 'line',
      source: 'areas',
      filter: ['!', ['get', 'wide']],
      paint: { 'line-color': typeColour, 'line-width': 1.1, 'line-dasharray': [2, 2] },
    },
    {
      id: 'discs',
      type: 'fill',
      source: 'discs',
      minzoom: 6,
      layout: uncertainty,
      paint: {
        'fill-color': theme.map.area,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 6, 0, 7.5, 0.05],
        'fill-antialias': false,
      },
    },
    {
      id: 'disc-outlines',
      type: 'line',
      source: 'discs',
      minzoom: 6,
      layout: uncertainty,
      paint: {
        'line-color': theme.map.area,
        'line-width': 1,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 6, 0, 7.5, 0.4],
      },
    },
    {
      id: 'focus-area',
      type: 'fill',
      source: 'focus',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': theme.map.focus, 'fill-opacity': 0.14 },
    },
    {
      id: 'focus-outline',
      type: 'line',
      source: 'focus',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'line-color': theme.map.focus, 'line-width': 1.8 },
    },
  ];
}

/** Pixels: where the scale is small, areas are marked above the points that they crowd with. */
const asideOfPoints: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['zoom'],
  3,
  ['literal', [0, -15]],
  6.5,
  ['literal', [0, 0]],
];

function incidentLayers(theme: Theme): LayerSpecification[] {
  const image = (cluster: string, single: string): ExpressionSpecification => [
    'case',
    isCluster,
    ['concat', cluster, mix],
    ['concat', single, ['get', 'type']],
  ];
  const count: ExpressionSpecification = ['to-string', ['get', 'point_count_abbreviated']];
  const number = {
    'text-font': [...labelFonts.semibold],
    'text-allow-overlap': true,
    'text-ignore-placement': true,
    'icon-allow-overlap': true,
    'icon-ignore-placement': false,
  };
  return [
    {
      id: 'area-incidents',
      type: 'symbol',
      source: 'area-incidents',
      layout: {
        'icon-image': image(imageName.areaMix(theme, ''), imageName.area(theme, '')),
        'text-field': ['case', isCluster, count, ''],
        'text-size': 12.5,
        ...number,
      },
      paint: {
        'text-color': theme.map.label,
        'icon-translate': asideOfPoints,
        'text-translate': asideOfPoints,
      },
    },
    {
      id: 'area-labels',
      type: 'symbol',
      source: 'area-incidents',
      minzoom: 6.6,
      filter: ['!', isCluster],
      layout: {
        'text-field': [
          'format',
          ['get', 'place'],
          {},
          '\n',
          {},
          ['get', 'precision'],
          { 'font-scale': 0.88 },
        ],
        'text-font': [...labelFonts.regular],
        'text-size': 11.5,
        'text-max-width': 13,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 1.7,
        'text-justify': 'auto',
        'text-optional': true,
      },
      paint: {
        'text-color': theme.map.label,
        'text-halo-color': theme.map.halo,
        'text-halo-width': 1.6,
      },
    },
    {
      id: 'incidents',
      type: 'symbol',
      source: 'incidents',
      layout: {
        'icon-image': image(imageName.mix(theme, ''), imageName.type(theme, '')),
        'text-field': ['case', isCluster, count, ''],
        'text-size': 12.5,
        ...number,
      },
      paint: { 'text-color': theme.map.label },
    },
    {
      id: 'focus-ring',
      type: 'circle',
      source: 'focus',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 19,
        'circle-color': 'rgba(0, 0, 0, 0)',
        'circle-stroke-color': theme.map.focus,
        'circle-stroke-width': 2.4,
      },
    },
    {
      id: 'focus-symbol',
      type: 'symbol',
      source: 'focus',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'icon-image': ['concat', imageName.type(theme, ''), ['get', 'type']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
  ];
}
