/** The only owner of the map: applies what the state says, and turns its events into actions. */

import {
  GeoJSONSource,
  type MapGeoJSONFeature,
  Map as MapLibreMap,
  NavigationControl,
  type PointLike,
  Popup,
  ScaleControl,
  type GeoJSONSource as Source,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Incident } from '../model.ts';
import { type Dispatch, incidentsShown, regionShown, type State, type View } from '../state.ts';
import type { Language, Texts } from '../text/index.ts';
import {
  areaMarkers,
  areaShapes,
  claimLabels,
  claimShapes,
  type Extent,
  extentOf,
  extentOfRegion,
  focusFeatures,
  markerAt,
  pointFeatures,
  uncertaintyDiscs,
} from './features.ts';
import { layers, maxZoom, pointerLayers, sources } from './layers.ts';
import { LocatedMark } from './located.ts';
import { drawImage } from './symbols.ts';
import type { Theme } from './theme.ts';
import { tooltipContent } from './tooltip.ts';

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
  /** To be called when panels cover the map differently: Ukraine stays in view. */
  readonly coveredAnew: () => void;
}

/** Whether scrolling and dragging are the map's, or `shared` with a page that the map is set in. */
export type Gestures = 'own' | 'shared';

/** West, south, east, north: Ukraine. */
const ukraine: [number, number, number, number] = [22.1, 44.35, 40.25, 52.4];

/** Marks moves that are not the reader's, which the address does not record. */
const unasked = { unasked: true };

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
  gestures: Gestures = 'own',
): MapHandle {
  const { view } = first.state;
  const map = new MapLibreMap({
    container,
    style: styleOf(first),
    ...(view === null
      ? { bounds: ukraine, fitBoundsOptions: { padding: padded(insets(), 24) } }
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
      'ScaleControl.Meters': first.texts.map.metres,
      'ScaleControl.Kilometers': first.texts.map.kilometres,
    },
  });
  map.setMissingStyleImageResolver((name) => {
    const image = drawImage(name);
    if (image !== null && !map.hasImage(name)) {
      map.addImage(name, image.data, { pixelRatio: image.pixelRatio });
    }
  });
  map.addControl(new NavigationControl({ visualizePitch: false }), 'top-right');
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
  let drawn: Scene | null = null;

  const draw = () => {
    if (!map.isStyleLoaded() && drawn === null) return;
    const before = drawn;
    drawn = scene;
    applyAppearance(map, before, scene);
    applyData(map, before, scene);
    applyTooltip(map, tooltip, before, scene);
    locatedMark.show(before?.state, scene.state);
    map.triggerRepaint();
  };
  map.on('load', draw);
  // Says, for whoever waits for the picture, whether all that was asked for is drawn.
  const mark = (drawing: 'busy' | 'done') => {
    container.dataset.drawing = drawing;
  };
  mark('busy');
  map.on('dataloading', () => mark('busy'));
  map.on('movestart', () => mark('busy'));
  map.on('idle', () => {
    const isWhole = drawn === scene && scene.state.incidents.status !== 'loading';
    mark(isWhole ? 'done' : 'busy');
  });

  map.on('moveend', (event) => {
    if ('unasked' in event) return;
    if (event.originalEvent === undefined && scene.state.view === null && !('asked' in event))
      return;
    dispatch({ kind: 'moved', view: viewOf(map) });
  });
  const keepUkraine = () => {
    if (scene.state.view !== null) return;
    map.fitBounds(ukraine, { padding: padded(insets(), 24), animate: false }, unasked);
  };
  map.on('resize', keepUkraine);

  const featureAt = (point: { x: number; y: number }, radius: number) => {
    const box: [PointLike, PointLike] = [
      [point.x - radius, point.y - radius],
      [point.x + radius, point.y + radius],
    ];
    const wanted = pointerLayers.filter((layer) => map.getLayer(layer) !== undefined);
    const found = map.queryRenderedFeatures(box, { layers: wanted });
    return wanted.flatMap((layer) => found.filter((each) => each.layer.id === layer))[0];
  };

  map.on('mousemove', ({ point }) => {
    const feature = featureAt(point, reach.mouse);
    map.getCanvas().style.cursor = feature === undefined ? '' : 'pointer';
    const id: unknown = feature?.properties.id;
    dispatch({ kind: 'hovered', id: typeof id === 'string' ? id : null });
  });
  map.on('mouseout', () => dispatch({ kind: 'hovered', id: null }));
  map.on('click', ({ point, originalEvent }) => {
    const touched = originalEvent instanceof PointerEvent && originalEvent.pointerType === 'touch';
    const feature = featureAt(point, touched ? reach.finger : reach.mouse);
    if (feature !== undefined) void open(feature);
  });

  async function open(feature: MapGeoJSONFeature): Promise<void> {
    const { id, code, cluster_id: cluster }: Record<string, unknown> = feature.properties;
    if (typeof id === 'string') {
      dispatch({ kind: 'opened', open: { kind: 'incident', id } });
    } else if (typeof code === 'string') {
      dispatch({ kind: 'opened', open: { kind: 'region', code } });
    } else if (typeof cluster === 'number') {
      await openCluster(feature.source, cluster);
    }
  }

  /** Zooms until the group parts; one that never does is listed. */
  async function openCluster(sourceId: string, cluster: number): Promise<void> {
    const source = map.getSource(sourceId);
    if (!(source instanceof GeoJSONSource)) return;
    const leaves = await source.getClusterLeaves(cluster, 1000, 0);
    const places = leaves.flatMap(({ geometry }) =>
      geometry.type === 'Point' ? [geometry.coordinates] : [],
    );
    const [place] = places;
    const zoom = await source.getClusterExpansionZoom(cluster);
    const together = places.every(([x, y]) => x === place?.[0] && y === place?.[1]);
    if (together || zoom > maxZoom) {
      const ids = leaves.map(({ properties }) => String(properties?.id));
      dispatch({ kind: 'opened', open: { kind: 'incidents', ids } });
      return;
    }
    const xs = places.map(([x = 0]) => x);
    const ys = places.map(([, y = 0]) => y);
    map.fitBounds(
      [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
      { padding: padded(insets(), 90), maxZoom: Math.max(zoom + 0.2, map.getZoom() + 1) },
      { asked: true },
    );
  }

  const fit = (incidents: readonly Incident[]) => {
    const extent = extentOf(incidents);
    if (extent === null) return;
    map.fitBounds(extent, { padding: padded(insets(), 50), maxZoom: 9 }, { asked: true });
  };

  return {
    show: (next) => {
      const before = scene;
      scene = next;
      applyView(map, before.state, next.state, insets);
      draw();
    },
    fitResults: () => fit(incidentsShown(scene.state)),
    coveredAnew: keepUkraine,
  };
}

function styleOf({ state, theme, language }: Scene): StyleSpecification {
  return {
    version: 8,
    sources: { ...sources },
    layers: layers({ theme, language, hidden: state.hidden }),
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

function viewOf(map: MapLibreMap): View {
  const { lng, lat } = map.getCenter();
  return { zoom: map.getZoom(), latitude: lat, longitude: lng };
}

/** Goes where the address says, when that is elsewhere; brings an opened incident into sight. */
function applyView(map: MapLibreMap, before: State, now: State, insets: () => Insets): void {
  if (now.view !== before.view) {
    if (now.view === null) {
      map.fitBounds(ukraine, { padding: padded(insets(), 24), animate: false }, unasked);
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
  if (open === before.open) return;
  if (open.kind === 'incident') {
    const incident = incidentsShown(now).find(({ id }) => id === open.id);
    if (incident === undefined) return;
    requestAnimationFrame(() => bringIntoSight(map, incident, insets()));
  }
}

/** Whether most of an extent can be seen: its middle, and not from too close. */
function isInSight(map: MapLibreMap, [west, south, east, north]: Extent): boolean {
  const seen = map.getBounds();
  const isLarger = east - west > seen.getEast() - seen.getWest();
  return !isLarger && seen.contains([(west + east) / 2, (south + north) / 2]);
}

function bringIntoSight(map: MapLibreMap, incident: Incident, insets: Insets): void {
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

/** MapLibre compares the layers and changes what differs; the sources keep their data. */
function applyAppearance(map: MapLibreMap, before: Scene | null, now: Scene): void {
  const unchanged =
    before !== null &&
    before.theme === now.theme &&
    before.language === now.language &&
    before.state.hidden === now.state.hidden;
  if (before === null || unchanged) return;
  map.setStyle(styleOf(now), {
    transformStyle: (previous, next) => ({ ...next, sources: previous?.sources ?? next.sources }),
  });
}

/** Hands new data to the sources whose inputs changed. */
function applyData(map: MapLibreMap, before: Scene | null, now: Scene): void {
  const fill = (name: string, data: FeatureCollection) => {
    const source = map.getSource<Source>(name);
    void source?.setData(data);
  };
  const { state, texts, language } = now;
  const incidents = incidentsShown(state);
  const areas = state.areas.value ?? [];
  const regions = state.regions.value ?? [];
  const old = before?.state;
  const newIncidents = old === undefined || incidentsShown(old) !== incidents;
  const newAreas = old === undefined || (old.areas.value ?? []) !== (state.areas.value ?? []);
  const newRegions = old === undefined || old.regions.value !== state.regions.value;
  const newTexts = before === null || before.texts !== texts;
  if (newIncidents) {
    fill('incidents', pointFeatures(incidents));
    fill('discs', uncertaintyDiscs(incidents));
  }
  const known = new Set(incidents.map(({ id }) => id));
  const shown = areas.filter(({ id }) => known.has(id));
  if (newIncidents || newAreas) fill('areas', areaShapes(shown));
  if (newIncidents || newAreas || newTexts) {
    fill('area-incidents', areaMarkers(incidents, shown, texts));
  }
  if (newRegions) fill('claims', claimShapes(regions));
  if (newRegions || newTexts) fill('claim-labels', claimLabels(regions, texts, language));
  const newFocus =
    old?.hovered !== state.hovered ||
    old.open !== state.open ||
    regionShown(old) !== regionShown(state);
  if (newIncidents || newAreas || newRegions || newFocus) {
    const wanted = focused(state);
    fill(
      'focus',
      focusFeatures(
        incidents.filter(({ id }) => wanted.includes(id)),
        areas,
        regionShown(state) ?? undefined,
      ),
    );
  }
}

function focused({ open, hovered }: State): string[] {
  return [...(open.kind === 'incident' ? [open.id] : []), ...(hovered === null ? [] : [hovered])];
}

/** The same words for a pointer on the map and for a row that has the focus in the list. */
function applyTooltip(map: MapLibreMap, tooltip: Popup, before: Scene | null, now: Scene): void {
  const { hovered } = now.state;
  if (before?.state.hovered === hovered && before?.texts === now.texts) return;
  const incident = incidentsShown(now.state).find(({ id }) => id === hovered);
  if (incident === undefined) {
    tooltip.remove();
    return;
  }
  const shape = now.state.areas.value?.find(({ id }) => id === hovered)?.geometry;
  const [longitude, latitude] = markerAt(incident, shape);
  tooltip
    .setLngLat([longitude, latitude])
    .setDOMContent(tooltipContent(now.texts, incident))
    .addTo(map);
}
