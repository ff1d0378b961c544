import { render } from 'preact';
import 'virtual:theme.css';
import './style.css';
import './first-map.css';
import './embed.css';
import { parseBbox } from '../server/domain/bbox.ts';
import { loadAnswers } from './loading.ts';
import type { MapHandle } from './map/map.ts';
import { Embedded } from './panels/embedded.tsx';
import { sceneOf } from './scene.ts';
import { createStore, initialState } from './state.ts';
import { directions } from './text/index.ts';
import { readAddress } from './url.ts';

/** The map in a frame on another page: it shows what its address says, and leads to the whole. */

const mapCode = import('./map/map.ts');

const { place, fault } = readAddress(`${location.pathname}${location.search}`);
const store = createStore(initialState(place, fault));
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
let map: MapHandle | null = null;

const panels = document.getElementById('panels');
const container = document.getElementById('map');
if (panels === null || container === null) throw new Error('embed.html lacks #panels or #map');

function show(): void {
  const scene = sceneOf(store.state(), prefersDark.matches);
  document.documentElement.lang = scene.language;
  document.documentElement.dir = directions[scene.language];
  document.documentElement.dataset.theme = scene.theme.name;
  if (panels !== null) {
    const retry = () => {
      loader.retry();
      map?.retry();
    };
    render(<Embedded scene={scene} dispatch={store.dispatch} retry={retry} />, panels);
  }
  map?.show(scene);
}

// Names of regions and sources are needed only where the filter has some.
const isNamed = place.filter.region !== undefined || place.filter.source !== undefined;
const loader = loadAnswers(store, [
  'incident',
  'area',
  'group',
  'regions',
  'region',
  ...(isNamed ? (['facets'] as const) : []),
]);
show();
let isDue = false;
store.subscribe(() => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    show();
  });
});
prefersDark.addEventListener('change', show);

const uncovered = { top: 0, right: 0, bottom: 0, left: 0 };
/** Where what is filtered lies, as the server has put it into the page. */
const { box } = container.dataset;
try {
  const { startMap } = await mapCode;
  const scene = sceneOf(store.state(), prefersDark.matches);
  map = startMap(container, scene, store.dispatch, () => uncovered, {
    gestures: 'shared',
    ...(box === undefined ? {} : { home: parseBbox(box) }),
  });
} catch (error) {
  console.warn('The map cannot be drawn:', error);
  store.dispatch({ kind: 'map-failed' });
}
