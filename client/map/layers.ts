import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  SourceSpecification,
  VectorSourceSpecification,
} from 'maplibre-gl';
import { incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import type { LayerSwitch, SizeMeasure } from '../state.ts';
import type { Language, Texts } from '../text/index.ts';
import { borderLayers, groundLayers, labelLayers } from './basemap.ts';
import { discZoom, maxZoom } from './camera.ts';
import { nothing } from './features.ts';
import { ringParts, sizeSteps } from './measures.ts';
import { imageName, withAlpha } from './symbols.ts';
import { labelFonts, type Theme } from './theme.ts';
import type { TileSet, TileSets } from './tilesets.ts';

const empty: GeoJSONSourceSpecification = { type: 'geojson', data: nothing };

/** The sources of our own data, filled by the map's owner. */
export const sources: Readonly<Record<string, SourceSpecification>> = {
  claims: empty,
  'claim-labels': empty,
  discs: empty,
  focus: empty,
};

/** The tiles of a set, from the server at `origin`. */
export function tileSource({ query }: TileSet, origin: string): VectorSourceSpecification {
  const address = `${origin}/api/collections/incidents/tiles/WebMercatorQuad/{z}/{y}/{x}`;
  return {
    type: 'vector',
    tiles: [query === '' ? address : `${address}?${query}`],
    // Beyond it points are drawn from the tiles of this zoom; what is apart there is apart enough.
    maxzoom: maxZoom + 1,
    promoteId: { areas: 'id' },
  };
}

/** The regions with a boundary, which answer the pointer; borders are drawn by the basemap. */
export function regionSource(origin: string): VectorSourceSpecification {
  return {
    type: 'vector',
    tiles: [`${origin}/api/collections/regions/tiles/WebMercatorQuad/{z}/{y}/{x}`],
    // A pointer is not more exact than that, and so there are few tiles.
    maxzoom: 7,
  };
}

/** Layers of a set of tiles that answer the pointer, uppermost first; then those of our own data. */
export function pointerLayers({ source }: TileSet): string[] {
  return [`${source}:incidents`, `${source}:clusters`, `${source}:markers`, 'claims', 'regions'];
}

export interface Appearance {
  readonly theme: Theme;
  readonly language: Language;
  readonly texts: Texts;
  readonly hidden: readonly LayerSwitch[];
  readonly size: SizeMeasure;
  readonly sets: Pick<TileSets, 'shown' | 'coming'>;
  /** Whether anything has been in hand: until then nothing is drawn for it, however unseen. */
  readonly handled: boolean;
}

/** A share per type in twelfths, joined by commas, as the images of clusters are named; none is lost. */
const mix: ExpressionSpecification = [
  'concat',
  ...incidentTypeCodes.flatMap((type, index): (string | ExpressionSpecification)[] => [
    ...(index === 0 ? [] : [',']),
    [
      'to-string',
      ['ceil', ['/', ['*', ringParts, ['coalesce', ['get', type], 0]], ['get', 'count']]],
    ],
  ]),
];

/** What a symbol's size stands for; no number given counts as none. */
function measured(size: SizeMeasure): ExpressionSpecification {
  return size === 'incidents'
    ? ['coalesce', ['get', 'count'], 1]
    : ['coalesce', ['get', `${size}_highest`], 0];
}

/** The step of a cluster's size, as the images of clusters are named. */
function sizeStep(size: SizeMeasure): ExpressionSpecification {
  const steps = sizeSteps.flatMap((from, index) => [from, `${index + 1}`]);
  return ['step', measured(size), '0', ...steps];
}

/** Pure: the layers, lowest first. */
export function layers({
  theme,
  language,
  texts,
  hidden,
  size,
  sets,
  handled,
}: Appearance): LayerSpecification[] {
  const visible = (name: LayerSwitch) =>
    ({ visibility: hidden.includes(name) ? 'none' : 'visible' }) as const;
  const labels = labelLayers(theme, language).map(
    (layer): LayerSpecification =>
      layer.type === 'symbol'
        ? { ...layer, layout: { ...layer.layout, ...visible('labels') } }
        : layer,
  );
  const drawn: readonly DrawnSet[] = [
    ...(sets.coming === null ? [] : [{ source: sets.coming.source, opacity: 0 } as const]),
    { source: sets.shown.source, opacity: 1 },
  ];
  return [
    ...groundLayers(theme, visible('regions')),
    {
      id: 'regions',
      type: 'fill',
      source: 'regions',
      'source-layer': 'regions',
      // There to be found at the pointer, not to be seen.
      paint: { 'fill-opacity': 0 },
    },
    ...claimLayers(theme, visible('claims')),
    ...borderLayers(theme),
    ...drawn.flatMap((set) => areaLayers(theme, set)),
    ...(handled ? drawn.flatMap((set) => areaFocusLayers(theme, set)) : []),
    ...heatLayers(theme, size, sets.shown, visible('heat')),
    ...discLayers(theme, visible('uncertainty')),
    ...(handled ? focusAreaLayers(theme) : []),
    // What is drawn later is placed first: names of towns give way to labels of claims.
    ...labels,
    ...claimLabelLayers(theme, visible('claims')),
    ...drawn.flatMap((set) => incidentLayers(theme, texts, size, set)),
    ...(handled ? focusLayers(theme) : []),
  ];
}

/** A set that is on its way is drawn as well, unseen: what is not drawn is not loaded. */
interface DrawnSet {
  readonly source: string;
  readonly opacity: 0 | 1;
}

type Visible = { readonly visibility: 'none' | 'visible' };

function claimLayers(theme: Theme, visible: Visible): LayerSpecification[] {
  return [
    {
      id: 'claims',
      type: 'fill',
      source: 'claims',
      layout: visible,
      // Its outline is drawn over its edge.
      paint: { 'fill-pattern': imageName.hatch, 'fill-antialias': false },
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

/** Regions and countries, and what is as wide as they are: filled faintly, and not outlined. */
const isWide: ExpressionSpecification = [
  'any',
  ['!=', ['get', 'geo_precision'], 'district'],
  ['>', ['get', 'uncertainty_m'], 150_000],
];
const isFocused: ExpressionSpecification = ['boolean', ['feature-state', 'focus'], false];

function areaLayers(theme: Theme, { source, opacity }: DrawnSet): LayerSpecification[] {
  // What is the area of several has no one type.
  const typeOf: ExpressionSpecification = ['coalesce', ['get', 'type'], 'other'];
  const from = { source, 'source-layer': 'areas' };
  return [
    {
      id: `${source}:areas`,
      type: 'fill',
      ...from,
      // Widest first, so that the narrow ones stay on top.
      layout: { 'fill-sort-key': ['-', 0, ['get', 'uncertainty_m']] },
      paint: {
        'fill-pattern': imageName.dots,
        // An edge is cut through dots, where nobody sees its steps.
        'fill-antialias': false,
        'fill-opacity': [
          'interpolate',
          ['linear'],
          ['zoom'],
          5.5,
          ['case', isWide, 0.14 * opacity, 0.9 * opacity],
          8,
          ['case', isWide, 0.05 * opacity, 0.7 * opacity],
        ],
      },
    },
    // A layer for each type: a colour that depends on the feature is not put on in one task.
    ...incidentTypeCodes.map(
      (type): LayerSpecification => ({
        id: `${source}:area-outlines-${type}`,
        type: 'line',
        ...from,
        filter: ['all', ['!', isWide], ['==', typeOf, type]],
        paint: {
          'line-color': theme.types[type],
          'line-width': 1.1,
          'line-dasharray': [2, 2],
          'line-opacity': opacity,
        },
      }),
    ),
  ];
}

/** Areas that are in hand; the others are drawn as well, unseen, so that a state is enough. */
function areaFocusLayers(theme: Theme, { source, opacity }: DrawnSet): LayerSpecification[] {
  const focusOpacity = (focused: number): ExpressionSpecification => [
    'case',
    isFocused,
    focused * opacity,
    0,
  ];
  const from = { source, 'source-layer': 'areas' };
  return [
    {
      id: `${source}:focus-area`,
      type: 'fill',
      ...from,
      paint: {
        'fill-color': theme.map.focus,
        'fill-opacity': focusOpacity(0.14),
      },
    },
    {
      id: `${source}:focus-outline`,
      type: 'line',
      ...from,
      paint: {
        'line-color': theme.map.focus,
        'line-width': 1.8,
        'line-opacity': focusOpacity(1),
      },
    },
  ];
}

function discLayers(theme: Theme, uncertainty: Visible): LayerSpecification[] {
  return [
    {
      id: 'discs',
      type: 'fill',
      source: 'discs',
      minzoom: discZoom,
      layout: uncertainty,
      paint: {
        'fill-pattern': imageName.dots,
        'fill-antialias': false,
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], discZoom, 0, discZoom + 1.5, 0.42],
      },
    },
    {
      id: 'disc-outlines',
      type: 'line',
      source: 'discs',
      minzoom: discZoom,
      layout: uncertainty,
      paint: {
        'line-color': theme.map.area,
        'line-width': 1,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], discZoom, 0, discZoom + 1.5, 0.4],
      },
    },
  ];
}

function focusAreaLayers(theme: Theme): LayerSpecification[] {
  return [
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
  ['literal', [0, -21]],
  6.5,
  ['literal', [0, 0]],
];

/** Never shortened: what is written on the clusters adds up to what the list says. */
function countInWords(texts: Texts): ExpressionSpecification {
  return ['number-format', ['get', 'count'], { locale: texts.locale }];
}

/** What is written on a cluster: what its size stands for, or that nobody gave it. */
function measuredInWords(texts: Texts, size: SizeMeasure): ExpressionSpecification {
  if (size === 'incidents') return countInWords(texts);
  const sum: ExpressionSpecification = ['get', `${size}_highest`];
  return [
    'case',
    ['has', `${size}_highest`],
    ['number-format', sum, { locale: texts.locale }],
    '–',
  ];
}

/** Where incidents are dense; those that are known only as an area are left out. */
function heatLayers(
  { map }: Theme,
  size: SizeMeasure,
  { source }: TileSet,
  visible: Visible,
): LayerSpecification[] {
  const shade = (alpha: number) => withAlpha(map.heat, alpha);
  return ['incidents', 'clusters'].map((layer) => ({
    id: `${source}:heat-${layer}`,
    type: 'heatmap',
    source,
    'source-layer': layer,
    layout: visible,
    paint: {
      'heatmap-weight': ['/', ['ln', ['+', 1, measured(size)]], 5],
      'heatmap-radius': ['interpolate', ['linear'], ['zoom'], 3, 22, 10, 60],
      'heatmap-color': [
        'interpolate',
        ['linear'],
        ['heatmap-density'],
        0,
        shade(0),
        0.15,
        shade(0.22),
        0.5,
        shade(0.48),
        1,
        shade(0.8),
      ],
    },
  }));
}

function incidentLayers(
  theme: Theme,
  texts: Texts,
  size: SizeMeasure,
  { source, opacity }: DrawnSet,
): LayerSpecification[] {
  const isCluster: ExpressionSpecification = ['has', 'count'];
  const symbol = {
    'text-font': [...labelFonts.semibold],
    'text-size': 12.5,
    'text-allow-overlap': true,
    'text-ignore-placement': true,
    'icon-allow-overlap': true,
    'icon-ignore-placement': false,
  };
  const paint = {
    'text-color': theme.map.label,
    'text-opacity': opacity,
    'icon-opacity': opacity,
  };
  return [
    {
      id: `${source}:markers`,
      type: 'symbol',
      source,
      'source-layer': 'markers',
      layout: {
        'icon-image': [
          'case',
          isCluster,
          imageName.areaMix,
          ['concat', imageName.area(''), ['get', 'type']],
        ],
        'text-field': ['case', isCluster, countInWords(texts), ''],
        ...symbol,
      },
      paint: { ...paint, 'icon-translate': asideOfPoints, 'text-translate': asideOfPoints },
    },
    {
      id: `${source}:marker-labels`,
      type: 'symbol',
      source,
      'source-layer': 'markers',
      minzoom: 6.6,
      filter: ['!', isCluster],
      layout: {
        'text-field': [
          'format',
          ['get', 'place'],
          {},
          '\n',
          {},
          ['get', ['get', 'geo_precision'], ['literal', texts.map.areaLabel]],
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
        'text-opacity': opacity,
      },
    },
    {
      id: `${source}:clusters`,
      type: 'symbol',
      source,
      'source-layer': 'clusters',
      layout: {
        'icon-image': ['concat', imageName.mix(''), sizeStep(size), ':', mix],
        'text-field': measuredInWords(texts, size),
        'symbol-sort-key': measured(size),
        ...symbol,
      },
      paint,
    },
    {
      id: `${source}:incidents`,
      type: 'symbol',
      source,
      'source-layer': 'incidents',
      layout: {
        'icon-image': ['concat', imageName.type(''), ['get', 'type']],
        'icon-size':
          size === 'incidents'
            ? 1
            : [
                'step',
                measured(size),
                0.8,
                1,
                1,
                ...sizeSteps.flatMap((from, at) => [from, 1.25 + at / 4]),
              ],
        ...symbol,
      },
      paint,
    },
  ];
}

function focusLayers(theme: Theme): LayerSpecification[] {
  return [
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
        'icon-image': ['concat', imageName.type(''), ['get', 'type']],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
  ];
}
