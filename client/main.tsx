import { render } from 'preact';
import 'virtual:theme.css';
import './style.css';
import './first-map.css';
import './results.css';
import './place-search.css';
import './print.css';
import { keepAddress } from './address.ts';
import { loadAnswers } from './loading.ts';
import type { Insets, MapHandle, Scene } from './map/map.ts';
import { App } from './panels/app.tsx';
import { sceneOf } from './scene.ts';
import { takeOver } from './served.ts';
import { createStore, initialState, regionShown } from './state.ts';
import { savePicture } from './take-along.ts';
import { directions } from './text/index.ts';
import { readAddress } from './url.ts';

// The larger part of the code: asked for first, waited for last, once the panels are on the screen.
const mapCode = import('./map/map.ts');

const { place, fault } = readAddress(`${location.pathname}${location.search}`);
const store = createStore(initialState(place, fault));
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
let map: MapHandle | null = null;

const panels = document.getElementById('panels');
const container = document.getElementById('map');
if (panels === null || container === null) throw new Error('index.html lacks #panels or #map');

function current(): Scene {
  return sceneOf(store.state(), prefersDark.matches);
}

function show(): void {
  const scene = current();
  document.documentElement.lang = scene.language;
  document.documentElement.dir = directions[scene.language];
  document.documentElement.dataset.theme = scene.theme.name;
  document.title = titleOf(scene);
  if (panels !== null) {
    render(
      <App
        scene={scene}
        dispatch={store.dispatch}
        retry={() => {
          loader.retry();
          map?.retry();
        }}
        fitResults={() => map?.fitResults()}
        coveredAnew={() => map?.coveredAnew()}
        savePicture={async (names) => map !== null && savePicture(map, current(), names)}
        print={() => window.print()}
      />,
      panels,
    );
  }
  map?.show(scene);
}

/** What is opened, for the tab and the history. */
function titleOf({ state, texts, language }: Scene): string {
  const { open, incident } = state;
  const name = texts.app.name;
  if (open.kind === 'incident' && incident.value?.id === open.id) {
    return `${incident.value.properties.title} – ${name}`;
  }
  const region = regionShown(state);
  if (region === null) return name;
  const { name_en, name_uk } = region.properties;
  return `${language === 'uk' ? (name_uk ?? name_en) : name_en} – ${name}`;
}

/** How far the phone's sheet reaches over the map. */
function insets(): Insets {
  const sheet = document.querySelector('.sheet');
  const covered =
    sheet === null || container === null
      ? 0
      : Math.max(0, container.getBoundingClientRect().bottom - sheet.getBoundingClientRect().top);
  const bottom = Math.min(covered, window.innerHeight * 0.6);
  return { top: 0, right: 0, bottom, left: 0 };
}

await takeOver();
const loader = loadAnswers(store);
keepAddress(store);
show();
let isDue = false;
// Once for all changes of a turn, and never within a render: to remove what has the focus is a change.
store.subscribe(() => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    show();
  });
});
prefersDark.addEventListener('change', show);

try {
  const { startMap } = await mapCode;
  map = startMap(container, current(), store.dispatch, insets);
} catch (error) {
  console.warn('The map cannot be drawn:', error);
  store.dispatch({ kind: 'map-failed' });
}

// Not needed to show anything, and wanted at once when it is.
const { layOutForPaper } = await import('./paper.tsx');
layOutForPaper(() => ({ scene: current(), map }));
