import type { Filter } from '../server/domain/filter.ts';
import type { Collection, Problem } from './api.ts';
import type {
  Facets,
  Incident,
  IncidentArea,
  IncidentInFull,
  IncidentPage,
  Region,
} from './model.ts';
import type { Language } from './text/index.ts';
import type { TimeGroup } from './time.ts';

/** Where the map looks: zoom as in Web Mercator tiles of 512 px, centre in degrees. */
export interface View {
  readonly zoom: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** What the detail panel shows; several incidents are those that share one place on the map. */
export type Open =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'incident'; readonly id: string }
  | { readonly kind: 'incidents'; readonly ids: readonly string[] }
  | { readonly kind: 'region'; readonly code: string };

export const layerSwitches = ['claims', 'regions', 'uncertainty', 'labels', 'heat'] as const;
export type LayerSwitch = (typeof layerSwitches)[number];

/** Layers that are not drawn until they are asked for. */
export const hiddenAtFirst: readonly LayerSwitch[] = ['heat'];

/** What the size of a symbol stands for: how many incidents, or a toll of theirs. */
export const sizeMeasures = ['incidents', 'killed', 'injured'] as const;
export type SizeMeasure = (typeof sizeMeasures)[number];

/** Properties of an incident that the list has a column of, by their names in the API. */
export const sortColumns = [
  'title',
  'starts_at',
  'region',
  'killed_highest',
  'injured_highest',
] as const;
export type SortColumn = (typeof sortColumns)[number];

/** A place of the gazetteer that the reader looked for; degrees. */
export interface Located {
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
}

/** The order of the list. */
export interface Sort {
  readonly column: SortColumn;
  readonly direction: 'ascending' | 'descending';
}

export const newestFirst: Sort = { column: 'starts_at', direction: 'descending' };

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** The part of the state that the address holds; a link reproduces it. */
export interface Place {
  readonly filter: Filter;
  /** `null`: the newest first, as the API has it. */
  readonly sort: Sort | null;
  /** `null`: Ukraine fills the map, or in a frame what the filter selects. */
  readonly view: View | null;
  readonly open: Open;
  readonly hidden: readonly LayerSwitch[];
  readonly size: SizeMeasure;
  /** `null`: as the browser prefers. */
  readonly language: Language | null;
  readonly theme: ThemeChoice;
}

/** Something asked of the server; an older value stays in sight while a newer one is on its way. */
export type Remote<Value> =
  | { readonly status: 'loading'; readonly value: Value | null }
  | { readonly status: 'ready'; readonly value: Value }
  | { readonly status: 'failed'; readonly value: Value | null; readonly problem: Problem };

/** `failed`: some could not be had; what was drawn before stays, and they are asked for again. */
export type TileStatus = 'loading' | 'ready' | 'failed';

/** A filter in the address that cannot be honoured; it is named, and not applied. */
export interface AddressFault {
  readonly parameter: string;
  readonly value: string;
  readonly reason: string;
}

/** What is asked of the server. */
export interface Answers {
  /** Incidents of the whole filter. */
  readonly incidents: Remote<IncidentPage>;
  /** When the incidents of the filter without its dates happened. */
  readonly timeline: Remote<readonly TimeGroup[]>;
  /** The area that the opened incident is known to, null where it has a point. */
  readonly area: Remote<IncidentArea | null>;
  /** The incidents that are opened together. */
  readonly group: Remote<readonly Incident[]>;
  readonly regions: Remote<readonly Region[]>;
  /** The opened region, claimed or not. */
  readonly region: Remote<Region>;
  readonly incident: Remote<IncidentInFull>;
  /** Incidents around the one that is opened, itself among them. */
  readonly nearby: Remote<readonly Incident[]>;
  /** When the incidents of the opened region happened. */
  readonly regionTimeline: Remote<readonly TimeGroup[]>;
  /** What every value of every filter parameter would leave. */
  readonly facets: Remote<Facets>;
  /** All incidents: when they happened, and which state of the data they are. */
  readonly collection: Remote<Collection>;
}

export interface State extends Place, Answers {
  readonly fault: AddressFault | null;
  readonly hovered: string | null;
  /** What was searched for, marked on the map. */
  readonly located: Located | null;
  /** As many incidents as the list has come to, which is more than one page once it is scrolled. */
  readonly wanted: number;
  /** The dates are on the move, by play or by hand: they change too often to be each a choice. */
  readonly playing: boolean;
  /** The browser cannot draw the map. */
  readonly mapFailed: boolean;
  /** How far the map's tiles of the filter are. */
  readonly tiles: TileStatus;
  /** When the incidents on show were last known to hold, ms since the epoch. */
  readonly answeredAt: number | null;
}

/** One kind of answer together with where it goes. */
export type Answer = {
  [Name in keyof Answers]: { readonly name: Name; readonly remote: Answers[Name] };
}[keyof Answers];

export type Action =
  | { readonly kind: 'filtered'; readonly filter: Filter }
  | { readonly kind: 'sorted'; readonly sort: Sort | null }
  | { readonly kind: 'wanted'; readonly incidents: number }
  | { readonly kind: 'playing'; readonly playing: boolean }
  | { readonly kind: 'moved'; readonly view: View }
  | { readonly kind: 'opened'; readonly open: Open }
  | { readonly kind: 'hovered'; readonly id: string | null }
  | { readonly kind: 'located'; readonly located: Located; readonly zoom: number }
  | { readonly kind: 'located-nothing' }
  | { readonly kind: 'switched'; readonly layer: LayerSwitch }
  | { readonly kind: 'sized'; readonly size: SizeMeasure }
  | { readonly kind: 'language'; readonly language: Language }
  | { readonly kind: 'theme'; readonly theme: ThemeChoice }
  | { readonly kind: 'navigated'; readonly place: Place; readonly fault: AddressFault | null }
  | { readonly kind: 'fault-read' }
  | { readonly kind: 'map-failed' }
  | { readonly kind: 'tiles'; readonly status: TileStatus }
  | { readonly kind: 'answered'; readonly answer: Answer; readonly at: number };

const waiting = { status: 'loading', value: null } as const;

/** The state before anything is asked. */
export function initialState(place: Place, fault: AddressFault | null): State {
  return {
    ...place,
    fault,
    hovered: null,
    located: null,
    wanted: 0,
    playing: false,
    mapFailed: false,
    tiles: 'loading',
    answeredAt: null,
    incidents: waiting,
    timeline: waiting,
    area: waiting,
    group: waiting,
    facets: waiting,
    nearby: waiting,
    regionTimeline: waiting,
    regions: waiting,
    region: waiting,
    incident: waiting,
    collection: waiting,
  };
}

/** Pure: the next state. */
export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case 'filtered':
      return { ...state, filter: action.filter, fault: null, wanted: 0 };
    case 'sorted':
      return { ...state, sort: action.sort, wanted: 0 };
    case 'wanted':
      return action.incidents <= state.wanted ? state : { ...state, wanted: action.incidents };
    case 'playing':
      return state.playing === action.playing ? state : { ...state, playing: action.playing };
    case 'moved':
      return { ...state, view: action.view };
    case 'opened':
      return { ...state, open: action.open, hovered: null };
    case 'hovered':
      return state.hovered === action.id ? state : { ...state, hovered: action.id };
    case 'located': {
      const { located, zoom } = action;
      const { longitude, latitude } = located;
      return { ...state, located, view: { zoom, longitude, latitude } };
    }
    case 'located-nothing':
      return state.located === null ? state : { ...state, located: null };
    case 'switched': {
      const { layer } = action;
      const hidden = state.hidden.includes(layer)
        ? state.hidden.filter((each) => each !== layer)
        : layerSwitches.filter((each) => each === layer || state.hidden.includes(each));
      return { ...state, hidden };
    }
    case 'sized':
      return { ...state, size: action.size };
    case 'language':
      return { ...state, language: action.language };
    case 'theme':
      return { ...state, theme: action.theme };
    case 'navigated':
      return { ...state, ...action.place, fault: action.fault, playing: false, wanted: 0 };
    case 'fault-read':
      return { ...state, fault: null };
    case 'map-failed':
      return { ...state, mapFailed: true };
    case 'tiles':
      return state.tiles === action.status ? state : { ...state, tiles: action.status };
    case 'answered': {
      const { name, remote } = action.answer;
      const next = { ...state, [name]: remote };
      const isConfirmed =
        remote.status === 'ready' &&
        (name === 'incidents' || (name === 'collection' && !isRenewed(next, state)));
      return isConfirmed ? { ...next, answeredAt: action.at } : next;
    }
  }
}

/** Whether the data on the server are found to have changed. */
export function isRenewed({ collection: now }: State, { collection: before }: State): boolean {
  return (
    now.value !== null && before.value !== null && now.value.revision !== before.value.revision
  );
}

/** The incidents on show, or none while the first answer is out. */
export function incidentsShown(state: State): readonly Incident[] {
  return state.incidents.value?.features ?? [];
}

/** The opened region, as soon as any answer holds it. */
export function regionShown({ open, region, regions }: State): Region | null {
  if (open.kind !== 'region') return null;
  const all = region.value === null ? [] : [region.value];
  return [...all, ...(regions.value ?? [])].find(({ id }) => id === open.code) ?? null;
}

export type Dispatch = (action: Action) => void;

export interface Store {
  readonly state: () => State;
  readonly dispatch: Dispatch;
  /** Called after every change with the state now and before; the answer ends it. */
  readonly subscribe: (listener: (now: State, before: State) => void) => () => void;
}

/** Holds the one state; listeners run in the order in which they came. */
export function createStore(first: State): Store {
  let state = first;
  const listeners = new Set<(now: State, before: State) => void>();
  return {
    state: () => state,
    dispatch: (action) => {
      const before = state;
      state = reduce(before, action);
      if (state === before) return;
      const now = state;
      for (const listener of listeners) listener(now, before);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
