/** The only owner of the map: applies what the state says, and turns its events into actions. */

import {
  FullscreenControl,
  type GeoJSONSource,
  Map as MapLibreMap,
  type MapMouseEvent,
  NavigationControl,
  type PointLike,
  Popup,
  ScaleControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Bbox } from '../../server/domain/bbox.ts';
import { type Filter, formatFilter, withParameter } from '../../server/domain/filter.ts';
import { type GeoPrecision, geoPrecisions } from '../../server/domain/vocabulary.ts';
import { ApiError, fetchIdsWithin } from '../api.ts';
import type { MapPicture } from '../picture.ts';
import {
  type Dispatch,
  incidentsShown,
  isRenewed,
  regionShown,
  type State,
  type View,
} from '../state.ts';
import type { Language, Texts } from '../text/index.ts';
import { basemapSource } from './basemap.ts';
import { closest, discZoom, homeMargin, maxZoom, ukraine } from './camera.ts';
import {
  claimLabels,
  claimShapes,
  type Extent,
  extentOf,
  extentOfRegion,
  focusFeatures,
  gatheredIn,
  isArea,
  isWithin,
  markerAt,
  nothing,
  type Sketch,
  uncertaintyDiscs,
} from './features.ts';
import { layers, pointerLayers, regionSource, sources, tileSource } from './layers.ts';
import { LocatedMark } from './located.ts';
import { pictureOf } from './picture-of.ts';
import { type Pointed, type PointedCluster, pointedAt } from './pointed.ts';
import { drawImage } from './symbols.ts';
import type { Theme } from './theme.ts';
import * as tilesets from './tilesets.ts';
import { clusterContent, tooltipContent } from './tooltip.ts';

/** What the map draws: the state with everything that the reader's choices and system resolve to. */
export interface Scene {
  readonly state: State;
  readonly theme: Theme;
  readonly language: Language;
  readonly texts: Texts;
}

/** Pixels at each side of the map that panels cover. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface MapHandle {
  /** Draws the scene; cheap when little changed. */
  readonly show: (scene: Scene) => void;
  /** Moves so that all incidents on show are in sight. */
  readonly fitResults: () => void;
  /** Asks for tiles that could not be had at once. */
  readonly retry: () => void;
  /** To be called when panels cover the map differently: what it opened on stays in view. */
  readonly coveredAnew: () => void;
  /** A copy of what is on the screen. */
  readonly picture: () => MapPicture;
  /** When all that was asked for is drawn. */
  readonly settled: () => Promise<void>;
}

export interface MapOptions {
  /** Whether scrolling and dragging are the map's, or `shared` with a page that the map is set in. */
  readonly gestures?: 'own' | 'shared';
  /** What fills the map while the address does not say where it looks: Ukraine, when left out. */
  readonly home?: Bbox;
}

/** Marks moves that are not the reader's, which the address does not record. */
const unasked = { unasked: true };

/** Waits before tiles that could not be had are asked for again, ms; the last one repeats. */
const waits = [2_000, 4_000, 8_000, 15_000];

/** How long the first frame waits for all that belongs into it, ms. */
const patience = 3_000;

/** As many incidents of one place as are listed. */
const mostListed = 100;

/** Pixels around the pointer or finger that still count as a hit. */
const reach = { mouse: 3, finger: 14 } as const;

setWorkerUrl(workerUrl);

/**
 * Starts the map in `container`.
 * @throws when the browser has no WebGL 2.
 */
export function startMap(
  container: HTMLElement,
  first: Scene,
  dispatch: Dispatch,
  insets: () => Insets,
  { gestures = 'own', home = ukraine }: MapOptions = {},
): MapHandle {
  const { view } = first.state;
  let sets = tilesets.begin(queryOf(first.state.filter));
  let handled = isAnythingInHand(first.state);
  const map = new MapLibreMap({
    container,
    style: styleOf({ scene: first, sets, handled }),
    ...(view === null
      ? { bounds: boundsOf(home), fitBoundsOptions: homeOptions(insets()) }
      : { center: [view.longitude, view.latitude], zoom: view.zoom }),
    minZoom: 1.5,
    maxZoom,
    maxPitch: 0,
    attributionControl: false,
    cooperativeGestures: gestures === 'shared',
    fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200,
    locale: {
      'Map.Title': first.texts.map.label,
      'NavigationControl.ZoomIn': first.texts.map.zoomIn,
      'NavigationControl.ZoomOut': first.texts.map.zoomOut,
      'NavigationControl.ResetBearing': first.texts.map.north,
      'CooperativeGesturesHandler.WindowsHelpText': first.texts.embed.gestures.keyed,
      'CooperativeGesturesHandler.MacHelpText': first.texts.embed.gestures.mac,
      'CooperativeGesturesHandler.MobileHelpText': first.texts.embed.gestures.touch,
      'FullscreenControl.Enter': first.texts.map.fullScreen,
      'FullscreenControl.Exit': first.texts.map.fullScreenEnd,
      'ScaleControl.Meters': first.texts.map.metres,
      'ScaleControl.Kilometers': first.texts.map.kilometres,
    },
  });
  map.setMissingStyleImageResolver((name) => {
    const image = drawImage(name, scene.theme);
    if (image !== null && !map.hasImage(name)) {
      map.addImage(name, image.data, { pixelRatio: image.pixelRatio });
    }
  });
  const drawFirst = holdDrawing(map);
  map.addControl(new NavigationControl({ visualizePitch: false }), 'top-right');
  if (gestures === 'own') {
    map.addControl(new FullscreenControl({ container: document.body }), 'top-right');
  }
  map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-left');

  const tooltip = new Popup({
    closeButton: false,
    closeOnClick: false,
    focusAfterOpen: false,
    className: 'tooltip',
    offset: 18,
    maxWidth: '280px',
  });
  const locatedMark = new LocatedMark(map);
  let scene = first;
  /** What the style began with; more may be asked for before it is loaded. */
  const begun: Drawn = { scene: first, sets, handled };
  let drawn: Drawn | null = null;
  /** What the pointer is over; the list may have another incident in hand. */
  let pointed: Pointed | null = null;

  // Says, for whoever waits for the picture, whether all that was asked for is drawn.
  const mark = (drawing: 'busy' | 'done') => {
    container.dataset.drawing = drawing;
  };
  /** Whether a further frame would be like the last one. */
  let isAtRest = false;
  const stir = () => {
    isAtRest = false;
    mark('busy');
  };
  stir();
  map.on('dataloading', stir);
  map.on('movestart', stir);
  map.on('idle', () => {
    isAtRest = true;
    rest();
  });
  let isStyled = false;
  const draw = () => {
    if (!isStyled) return;
    const before = drawn;
    handled ||= isAnythingInHand(scene.state);
    drawn = { scene, sets, handled };
    applyAppearance(map, before ?? begun, drawn);
    applyData(map, before?.scene ?? null, scene);
    applyFocus(map, before, drawn);
    applyTooltip();
    locatedMark.show(before?.scene.state, scene.state);
    // Whatever changed the map has it drawn again.
    if (!map.loaded()) stir();
    else if (isAtRest) rest();
  };
  map.once('style.load', () => {
    isStyled = true;
    draw();
  });
  const rest = () => {
    const { state } = scene;
    const isAnswered = state.incidents.status !== 'loading' && state.regions.status !== 'loading';
    if (isAnswered) drawFirst();
    if (drawDiscs(map, sets, incidentsShown(state))) return;
    const isWhole =
      isAnswered &&
      drawn?.scene === scene &&
      sets.coming === null &&
      sets.shown.query === queryOf(state.filter);
    mark(isWhole ? 'done' : 'busy');
  };

  /** Tries that came to nothing since the last whole set. */
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const change = (next: tilesets.TileSets) => {
    if (next === sets) return;
    sets = next;
    if (next.coming !== null) {
      clearTimeout(retry);
      retry = undefined;
      dispatch({ kind: 'tiles', status: 'loading' });
    }
    draw();
  };
  /** Sources of tiles beneath the incidents that lack some; nothing is said of those. */
  const lacking = new Set<string>();
  let isReplenishing = false;
  const replenish = () => {
    if (lacking.size === 0 || isReplenishing) return;
    isReplenishing = true;
    setTimeout(() => {
      isReplenishing = false;
      for (const source of lacking) map.refreshTiles(source);
      lacking.clear();
    }, waits[0]);
  };
  const arrive = () => {
    const { source } = sets.coming ?? sets.shown;
    // While a try has failed what is there is not the whole.
    if (retry !== undefined || !map.isSourceLoaded(source)) return;
    failures = 0;
    replenish();
    if (sets.coming !== null) change(tilesets.arrived(sets));
    if (sets.coming === null) dispatch({ kind: 'tiles', status: 'ready' });
  };
  map.on('sourcedata', ({ sourceId, tile }) => {
    if (tile !== undefined && sourceId === (sets.coming ?? sets.shown).source) arrive();
  });
  map.on('idle', () => {
    if (map.getSource((sets.coming ?? sets.shown).source) !== undefined) arrive();
  });
  map.on('error', (event) => {
    const sourceId = 'sourceId' in event ? event.sourceId : undefined;
    const isOurs = sourceId === sets.shown.source || sourceId === sets.coming?.source;
    if (!isOurs) console.warn(event.error);
    if (sourceId === 'basemap' || sourceId === 'regions') lacking.add(sourceId);
    if (!isOurs || retry !== undefined) return;
    dispatch({ kind: 'tiles', status: 'failed' });
    retry = setTimeout(askAgain, waits[Math.min(failures, waits.length - 1)]);
    failures += 1;
  });
  const askAgain = () => {
    clearTimeout(retry);
    retry = undefined;
    change(tilesets.again(sets));
  };
  window.addEventListener('online', () => {
    if (retry !== undefined) askAgain();
  });

  map.on('moveend', (event) => {
    if ('unasked' in event) return;
    if (event.originalEvent === undefined && scene.state.view === null && !('asked' in event))
      return;
    dispatch({ kind: 'moved', view: viewOf(map) });
  });
  const goHome = () => {
    map.fitBounds(boundsOf(home), { ...homeOptions(insets()), animate: false }, unasked);
  };
  const keepHome = () => {
    if (scene.state.view === null) goHome();
  };
  map.on('resize', keepHome);

  const at = ({ x, y }: MapMouseEvent['point'], radius: number): Pointed | null => {
    const box: [PointLike, PointLike] = [
      [x - radius, y - radius],
      [x + radius, y + radius],
    ];
    const wanted = pointerLayers(sets.shown).filter((layer) => map.getLayer(layer) !== undefined);
    const found = map.queryRenderedFeatures(box, { layers: wanted });
    const uppermost = wanted.flatMap((layer) => found.filter((each) => each.layer.id === layer))[0];
    return uppermost === undefined ? null : pointedAt(uppermost);
  };

  const point = (next: Pointed | null) => {
    // Every place lies in a region: only what is drawn to be pointed at changes the pointer.
    const isDrawn = next !== null && !(next.kind === 'region' && next.of === 'borders');
    map.getCanvas().style.cursor = isDrawn ? 'pointer' : '';
    const isSame = nameOf(next) === nameOf(pointed);
    pointed = next;
    dispatch({ kind: 'hovered', id: next?.kind === 'incident' ? next.id : null });
    if (!isSame) applyTooltip();
  };
  map.on('mousemove', ({ point: place }) => point(at(place, reach.mouse)));
  map.on('mouseout', () => point(null));
  map.on('click', ({ point: place, originalEvent }) => {
    const touched = originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch';
    const found = at(place, touched ? reach.finger : reach.mouse);
    switch (found?.kind) {
      case 'incident':
        return dispatch({ kind: 'opened', open: { kind: 'incident', id: found.id } });
      case 'region':
        return dispatch({ kind: 'opened', open: { kind: 'region', code: found.code } });
      case 'cluster':
        return void openCluster(found);
    }
  });

  /** Zooms until the group parts; one that never does is listed. */
  let asked = new AbortController();
  async function openCluster({ of, box, count }: PointedCluster): Promise<void> {
    const [west, south, east, north] = box;
    const isOnePlace = west === east && south === north;
    if (of === 'points' && !isOnePlace && map.getZoom() < maxZoom - 0.1) {
      const camera = map.cameraForBounds([west, south, east, north], {
        padding: padded(insets(), 90),
      });
      const zoom = Math.max(camera?.zoom ?? 0, map.getZoom() + 1);
      const center = camera?.center ?? [(west + east) / 2, (south + north) / 2];
      map.easeTo({ center, zoom: Math.min(zoom, maxZoom), duration: 700 }, { asked: true });
      return;
    }
    const filter = ofPrecision(scene.state.filter, of === 'areas' ? areaPrecisions : pinPrecisions);
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const ids = await fetchIdsWithin(filter, box, Math.min(count, mostListed), signal);
      if (ids.length > 0) dispatch({ kind: 'opened', open: { kind: 'incidents', ids } });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      dispatch({ kind: 'tiles', status: 'failed' });
    }
  }

  /** The same words for a pointer on the map and for a row that has the focus in the list. */
  function applyTooltip(): void {
    const { state, texts } = scene;
    const { hovered } = state;
    if (pointed?.kind === 'cluster' && hovered === null) {
      const { of, box } = pointed;
      const known = incidentsShown(state).filter(
        (each) => isArea(each) === (of === 'areas') && isWithin(box, each),
      );
      place(pointed.coordinates, clusterContent(texts, pointed, known, state.size));
      return;
    }
    const inList = incidentsShown(state).find(({ id }) => id === hovered);
    const incident = pointed?.kind === 'incident' && pointed.id === hovered ? pointed : inList;
    if (incident === undefined || hovered === null) {
      tooltip.remove();
      return;
    }
    const area = state.open.kind === 'incident' && state.open.id === hovered ? state.area : null;
    const [longitude, latitude] =
      incident === pointed
        ? incident.geometry.coordinates
        : (markedAt(map, sets, hovered) ?? markerAt(incident, area?.value?.geometry ?? null));
    const among = incident === pointed ? undefined : markedAmong(map, sets, incident);
    place([longitude, latitude], tooltipContent(texts, incident, among));
  }

  function place([longitude, latitude]: readonly [number, number], content: HTMLElement): void {
    tooltip.setLngLat([longitude, latitude]).setDOMContent(content).addTo(map);
  }

  const fitResults = () => {
    const boxes = [
      extentOf(incidentsShown(scene.state)),
      ...clusters(map, sets).map(({ box }) => box),
    ].filter((box) => box !== null);
    if (boxes.length === 0) return;
    const extent: Extent = [
      Math.min(...boxes.map(([west]) => west)),
      Math.min(...boxes.map(([, south]) => south)),
      Math.max(...boxes.map(([, , east]) => east)),
      Math.max(...boxes.map(([, , , north]) => north)),
    ];
    map.fitBounds(extent, { padding: padded(insets(), 50), maxZoom: closest }, { asked: true });
  };

  return {
    show: (next) => {
      const before = scene;
      scene = next;
      applyView(map, before.state, next.state, insets, goHome);
      const pace = next.state.playing ? 'in turn' : 'at once';
      const asked = tilesets.want(sets, queryOf(next.state.filter), pace);
      change(isRenewed(next.state, before.state) ? tilesets.again(asked) : asked);
      draw();
    },
    fitResults,
    retry: () => {
      if (retry !== undefined) askAgain();
    },
    coveredAnew: keepHome,
    picture: () => pictureOf(map),
    settled: async () => {
      map.triggerRepaint();
      await map.once('idle');
    },
  };
}

/**
 * Draws nothing until what it answers is called: a frame on the way to the first whole one costs as
 * much as that one, which takes seconds where the browser draws in software. Not for ever: what is
 * there when `patience` is over is drawn.
 */
function holdDrawing(map: MapLibreMap): () => void {
  const { painter } = map;
  const { render } = painter;
  painter.render = () => undefined;
  const release = () => {
    clearTimeout(timer);
    if (painter.render === render) return;
    painter.render = render;
    map.redraw();
    // The server's picture of this view, which lies beneath and was seen till now.
    document.getElementById('first')?.remove();
  };
  const timer = setTimeout(release, patience);
  return release;
}

function queryOf(filter: Filter): string {
  return new URLSearchParams(formatFilter(filter)).toString();
}

const nameOf = (pointed: Pointed | null): string => {
  switch (pointed?.kind) {
    case 'incident':
      return pointed.id;
    case 'cluster':
      return `${pointed.of} ${pointed.box} ${pointed.count}`;
    default:
      return '';
  }
};

/** Precisions that are drawn as areas, and as points. */
const areaPrecisions: readonly GeoPrecision[] = geoPrecisions.filter(
  (each) => each !== 'site' && each !== 'settlement',
);
const pinPrecisions = geoPrecisions.filter((each) => !areaPrecisions.includes(each));

/** The filter with no more of the precisions than it had. */
function ofPrecision(filter: Filter, precisions: readonly GeoPrecision[]): Filter {
  const wanted = filter.geo_precision ?? precisions;
  const both = precisions.filter((each) => wanted.includes(each));
  return withParameter(filter, 'geo_precision', both.join(','));
}

function styleOf({ scene, sets, handled }: Drawn): StyleSpecification {
  const { state, theme, language, texts } = scene;
  const incidents = [sets.shown, ...(sets.coming === null ? [] : [sets.coming])].map(
    (set) => [set.source, tileSource(set, location.origin)] as const,
  );
  return {
    version: 8,
    // No fading: one set of tiles, and one theme, takes the other's place between two frames.
    transition: { duration: 0, delay: 0 },
    sources: {
      ...sources,
      basemap: basemapSource(location.origin),
      regions: regionSource(location.origin),
      ...Object.fromEntries(incidents),
    },
    layers: layers({
      theme,
      language,
      texts,
      hidden: state.hidden,
      size: state.size,
      sets,
      handled,
    }),
  };
}

function padded(insets: Insets, margin: number): Insets {
  return {
    top: insets.top + margin,
    right: insets.right + margin,
    bottom: insets.bottom + margin,
    left: insets.left + margin,
  };
}

function boundsOf([west, south, east, north]: Bbox): [number, number, number, number] {
  return [west, south, east, north];
}

function homeOptions(insets: Insets) {
  return { padding: padded(insets, homeMargin), maxZoom: closest };
}

function viewOf(map: MapLibreMap): View {
  const { lng, lat } = map.getCenter();
  return { zoom: map.getZoom(), latitude: lat, longitude: lng };
}

/** Goes where the address says, when that is elsewhere; brings an opened incident into sight. */
function applyView(
  map: MapLibreMap,
  before: State,
  now: State,
  insets: () => Insets,
  goHome: () => void,
): void {
  if (now.view !== before.view) {
    if (now.view === null) {
      goHome();
      return;
    }
    const { zoom, latitude, longitude } = now.view;
    const here = viewOf(map);
    const elsewhere =
      Math.abs(here.zoom - zoom) > 0.005 ||
      Math.abs(here.latitude - latitude) > 1e-6 ||
      Math.abs(here.longitude - longitude) > 1e-6;
    if (elsewhere) map.jumpTo({ center: [longitude, latitude], zoom }, unasked);
  }
  const { open } = now;
  const region = regionShown(now);
  if (region !== null && regionShown(before)?.id !== region.id) {
    const extent = extentOfRegion(region);
    if (extent !== null && !isInSight(map, extent)) {
      const options = { padding: padded(insets(), 40) };
      requestAnimationFrame(() => {
        // The panel has just narrowed the map; noticed later, that would end the movement.
        map.resize();
        map.fitBounds(extent, options, { asked: true });
      });
    }
  }
  if (open.kind === 'incident') {
    const incident = sketchOf(now, open.id);
    const isNew = open !== before.open || sketchOf(before, open.id) === undefined;
    if (incident === undefined || !isNew) return;
    requestAnimationFrame(() => {
      // The panel has just narrowed the map; noticed later, that would move what is in sight.
      map.resize();
      bringIntoSight(map, incident, insets());
    });
  }
}

/** Whether most of an extent can be seen: its middle, and not from too close. */
function isInSight(map: MapLibreMap, [west, south, east, north]: Extent): boolean {
  const seen = map.getBounds();
  const isLarger = east - west > seen.getEast() - seen.getWest();
  return !isLarger && seen.contains([(west + east) / 2, (south + north) / 2]);
}

/** An incident as far as it is known by now. */
function sketchOf({ incidents, incident }: State, id: string): Sketch | undefined {
  return (
    incidents.value?.features.find((each) => each.id === id) ??
    (incident.value?.id === id ? incident.value : undefined)
  );
}

function bringIntoSight(map: MapLibreMap, incident: Sketch, insets: Insets): void {
  const [longitude, latitude] = incident.geometry.coordinates;
  const { x, y } = map.project([longitude, latitude]);
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const margin = 40;
  const inSight =
    x > insets.left + margin &&
    x < width - insets.right - margin &&
    y > insets.top + margin &&
    y < height - insets.bottom - margin;
  if (inSight) return;
  const offset: PointLike = [(insets.left - insets.right) / 2, (insets.top - insets.bottom) / 2];
  map.easeTo({ center: [longitude, latitude], offset, duration: 500 }, { asked: true });
}

interface Drawn {
  readonly scene: Scene;
  readonly sets: tilesets.TileSets;
  /** Whether anything has been opened or pointed at by now. */
  readonly handled: boolean;
}

function isAnythingInHand({ open, hovered }: State): boolean {
  return open.kind !== 'nothing' || hovered !== null;
}

/** MapLibre compares the layers and changes what differs; the sources keep their data. */
function applyAppearance(map: MapLibreMap, before: Drawn, now: Drawn): void {
  const { scene, sets } = now;
  const unchanged =
    before.scene.theme === scene.theme &&
    before.scene.language === scene.language &&
    before.scene.state.hidden === scene.state.hidden &&
    before.scene.state.size === scene.state.size &&
    before.sets.shown === sets.shown &&
    before.sets.coming === sets.coming &&
    before.handled === now.handled;
  if (unchanged) return;
  if (before.scene.theme !== scene.theme) recolour(map, scene.theme);
  map.setStyle(styleOf(now), {
    transformStyle: (previous, next) => ({
      ...next,
      sources: Object.fromEntries(
        Object.entries(next.sources).map(([name, source]) => [
          name,
          previous?.sources[name] ?? source,
        ]),
      ),
    }),
  });
}

/** Draws the images that the map has by now in the colours of a theme. */
function recolour(map: MapLibreMap, theme: Theme): void {
  for (const name of map.listImages()) {
    const image = drawImage(name, theme);
    if (image !== null) map.updateImage(name, image.data);
  }
}

/** Hands new data to the sources whose inputs changed. */
function applyData(map: MapLibreMap, before: Scene | null, now: Scene): void {
  const fill = (name: string, data: FeatureCollection) => {
    void map.getSource<GeoJSONSource>(name)?.setData(data);
  };
  const { state, texts, language } = now;
  const regions = state.regions.value ?? [];
  const old = before?.state;
  const newRegions = old === undefined || old.regions.value !== state.regions.value;
  const newTexts = before === null || before.texts !== texts;
  // An image in other colours is put into tiles without the pixels at its edges: hatching shows that.
  const newHatch = before !== null && before.theme !== now.theme;
  if (newRegions || newHatch) fill('claims', claimShapes(regions));
  if (newRegions || newTexts) fill('claim-labels', claimLabels(regions, texts, language));
  const newFocus =
    old === undefined ||
    old.hovered !== state.hovered ||
    old.open !== state.open ||
    old.area !== state.area ||
    old.incident.value !== state.incident.value ||
    old.incidents.value !== state.incidents.value ||
    regionShown(old) !== regionShown(state);
  if (newRegions || newFocus) {
    const { open } = state;
    const incidents = focused(state).flatMap((id) => sketchOf(state, id) ?? []);
    const area = open.kind === 'incident' ? (state.area.value?.geometry ?? null) : null;
    fill('focus', focusFeatures(incidents, area, regionShown(state) ?? undefined));
  }
}

function focused({ open, hovered }: State): string[] {
  return [...(open.kind === 'incident' ? [open.id] : []), ...(hovered === null ? [] : [hovered])];
}

/** Areas of a tile that are in hand are drawn as such. */
function applyFocus(map: MapLibreMap, before: Drawn | null, { scene, sets }: Drawn): void {
  const { shown } = sets;
  const { state } = scene;
  const old = before?.scene.state;
  const unchanged =
    before?.sets.shown === shown && old?.open === state.open && old.hovered === state.hovered;
  if (unchanged || map.getSource(shown.source) === undefined) return;
  const target = { source: shown.source, sourceLayer: 'areas' };
  map.removeFeatureState(target);
  for (const id of focused(state)) map.setFeatureState({ ...target, id }, { focus: true });
}

/** Where the tiles on show mark an incident that is known only as an area. */
function markedAt(
  map: MapLibreMap,
  { shown }: tilesets.TileSets,
  id: string,
): readonly [number, number] | undefined {
  if (map.getSource(shown.source) === undefined) return undefined;
  const [marker] = map.querySourceFeatures(shown.source, {
    sourceLayer: 'markers',
    filter: ['==', ['get', 'id'], id],
  });
  const found = marker === undefined ? null : pointedAt(marker);
  return found?.kind === 'incident' ? found.geometry.coordinates : undefined;
}

/** How many incidents the mark of one stands for, where it has none of its own. */
function markedAmong(
  map: MapLibreMap,
  sets: tilesets.TileSets,
  incident: Sketch,
): number | undefined {
  const { source } = sets.shown;
  if (isArea(incident) || map.getSource(source) === undefined) return undefined;
  const alone = map.querySourceFeatures(source, {
    sourceLayer: 'incidents',
    filter: ['==', ['get', 'id'], incident.id],
  });
  if (alone.length > 0) return undefined;
  return clusters(map, sets).find(({ box }) => isWithin(box, incident))?.count;
}

/** The discs that the points on show stand for; whether there are others than before. */
function drawDiscs(map: MapLibreMap, sets: tilesets.TileSets, listed: readonly Sketch[]): boolean {
  const { shown } = sets;
  const source = map.getSource<GeoJSONSource>('discs');
  if (source === undefined || map.getSource(shown.source) === undefined) return false;
  const found =
    map.getZoom() < discZoom
      ? []
      : map.querySourceFeatures(shown.source, { sourceLayer: 'incidents' }).map(pointedAt);
  const points = found.flatMap((each) =>
    each?.kind === 'incident'
      ? [{ coordinates: each.geometry.coordinates, metres: each.properties.uncertainty_m }]
      : [],
  );
  const boxes = map.getZoom() < discZoom ? [] : clusters(map, sets).map(({ box }) => box);
  const gathered = gatheredIn(boxes, listed);
  const discs = uncertaintyDiscs([...points, ...gathered]);
  const drawn = JSON.stringify(discs);
  if ((discsDrawn.get(map) ?? JSON.stringify(nothing)) === drawn) return false;
  discsDrawn.set(map, drawn);
  void source.setData(discs);
  return true;
}

const discsDrawn = new WeakMap<MapLibreMap, string>();

/** The clusters of points in the tiles that are loaded. */
function clusters(map: MapLibreMap, { shown }: tilesets.TileSets): PointedCluster[] {
  if (map.getSource(shown.source) === undefined) return [];
  return map
    .querySourceFeatures(shown.source, { sourceLayer: 'clusters' })
    .map(pointedAt)
    .filter((each) => each?.kind === 'cluster');
}
