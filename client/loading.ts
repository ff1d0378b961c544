import { formatFilter, without } from '../server/domain/filter.ts';
import { codesOf } from '../server/domain/vocabulary.ts';
import {
  ApiError,
  fetchArea,
  fetchAround,
  fetchClaimedRegions,
  fetchCollection,
  fetchFacets,
  fetchGroup,
  fetchIncident,
  fetchIncidents,
  fetchNext,
  fetchRegion,
  fetchTimeline,
  isPassing,
  listPage,
  type Problem,
  pageLimit,
} from './api.ts';
import type { IncidentInFull, IncidentPage } from './model.ts';
import {
  type Answer,
  type Answers,
  isRenewed,
  type Remote,
  type State,
  type Store,
} from './state.ts';
import { writeSort } from './url.ts';

/** What is asked for each kind of answer: the key says when to ask again, `null` that nothing is. */
interface Question<Value> {
  readonly key: (state: State) => string | null;
  readonly ask: (state: State, signal: AbortSignal) => Promise<Value>;
  readonly answer: (remote: Remote<Value>) => Answer;
  /** Whether the value of another key may stay in sight while the new one is on its way. */
  readonly keep: 'old value' | 'nothing';
  /** While this holds nothing new is asked for. */
  readonly rests?: (state: State) => boolean;
}

type ValueOf<Name extends keyof Answers> =
  Answers[Name] extends Remote<infer Value> ? Value : never;

const filterKey = (state: State) => JSON.stringify(formatFilter(state.filter));
const undated = (state: State) => without(state.filter, 'datetime');

const questions: { readonly [Name in keyof Answers]: Question<ValueOf<Name>> } = {
  incidents: {
    key: (state) => `${filterKey(state)} ${writeSort(state.sort)}`,
    // Asked anew, the list gets no shorter than it has been scrolled.
    ask: ({ filter, sort, wanted }, signal) => {
      const limit = Math.min(pageLimit, Math.max(listPage, wanted));
      return fetchIncidents(filter, writeSort(sort), limit, signal);
    },
    answer: (remote) => ({ name: 'incidents', remote }),
    keep: 'old value',
  },
  incident: {
    key: ({ open }) => (open.kind === 'incident' ? open.id : null),
    ask: ({ open }, signal) => fetchIncident(open.kind === 'incident' ? open.id : '', signal),
    answer: (remote) => ({ name: 'incident', remote }),
    keep: 'nothing',
  },
  timeline: {
    key: (state) => JSON.stringify(formatFilter(undated(state))),
    ask: (state, signal) => fetchTimeline(undated(state), signal),
    answer: (remote) => ({ name: 'timeline', remote }),
    keep: 'old value',
  },
  area: {
    key: (state) => opened(state)?.id ?? null,
    ask: async (state, signal) => {
      const incident = opened(state);
      return incident?.properties.area_only ? fetchArea(incident.id, signal) : null;
    },
    answer: (remote) => ({ name: 'area', remote }),
    keep: 'nothing',
  },
  group: {
    key: ({ open }) => (open.kind === 'incidents' ? open.ids.join() : null),
    ask: async ({ open }, signal) =>
      open.kind === 'incidents' ? fetchGroup(open.ids, signal) : [],
    answer: (remote) => ({ name: 'group', remote }),
    keep: 'nothing',
  },
  facets: {
    key: filterKey,
    ask: (state, signal) => fetchFacets(state.filter, signal),
    answer: (remote) => ({ name: 'facets', remote }),
    keep: 'old value',
    rests: ({ playing }) => playing,
  },
  nearby: {
    key: (state) => opened(state)?.id ?? null,
    ask: async (state, signal) => {
      const incident = opened(state);
      return incident === null ? [] : fetchAround(incident, signal);
    },
    answer: (remote) => ({ name: 'nearby', remote }),
    keep: 'nothing',
  },
  regionTimeline: {
    key: ({ open }) => (open.kind === 'region' ? open.code : null),
    ask: ({ open }, signal) =>
      fetchTimeline(open.kind === 'region' ? { region: [open.code] } : {}, signal),
    answer: (remote) => ({ name: 'regionTimeline', remote }),
    keep: 'nothing',
  },
  region: {
    key: ({ open }) => (open.kind === 'region' ? open.code : null),
    ask: ({ open }, signal) => fetchRegion(open.kind === 'region' ? open.code : '', signal),
    answer: (remote) => ({ name: 'region', remote }),
    keep: 'nothing',
  },
  regions: {
    key: () => 'all',
    ask: (_, signal) => fetchClaimedRegions(signal),
    answer: (remote) => ({ name: 'regions', remote }),
    keep: 'old value',
  },
  collection: {
    key: () => 'all',
    ask: (_, signal) => fetchCollection(signal),
    answer: (remote) => ({ name: 'collection', remote }),
    keep: 'old value',
  },
};

/** The incident on show, once it is there. */
function opened({ open, incident }: State): IncidentInFull | null {
  return open.kind === 'incident' && incident.value?.id === open.id ? incident.value : null;
}

/** What every page asks for. */
const always = ['incidents', 'collection'] as const;

type Further = Exclude<keyof Answers, (typeof always)[number]>;

const allFurther: readonly Further[] = codesOf(questions).filter(
  (name) => name !== 'incidents' && name !== 'collection',
);

/** Waits between tries while the server does not answer, ms; the last one repeats. */
const waits = [2_000, 4_000, 8_000, 15_000, 30_000];

/** How long what is on show is taken to hold, ms; then the server is asked whether it does. */
const trust = 30_000;

/**
 * Asks the server whenever the state's question changes, aborts what is no longer wanted, keeps
 * trying by itself while the server cannot be reached, and asks for all anew once the data have
 * changed there.
 */
export function loadAnswers(store: Store, further = allFurther): { readonly retry: () => void } {
  const incidents = loaderOf(store, 'incidents');
  const collection = loaderOf(store, 'collection');
  const others = further.map((name) => loaderOf(store, name));
  const loaders = [incidents, ...others, collection];
  const grow = growing(store);
  const update = () => {
    for (const { update } of loaders) update();
    grow();
  };
  const retry = () => {
    for (const { retry } of loaders) retry();
  };
  update();
  store.subscribe((now, before) => {
    update();
    if (isRenewed(now, before)) for (const { again } of [incidents, ...others]) again();
    // That the server is away is said of the incidents; once it is back for one it is for all.
    if (turns('collection', 'ready', 'failed', now, before)) incidents.again();
    if (always.some((name) => turns(name, 'failed', 'ready', now, before))) retry();
  });
  window.addEventListener('online', retry);
  let confirmedAt = Date.now();
  const confirm = () => {
    const isSeen = document.visibilityState === 'visible' && !store.state().playing;
    if (!isSeen || Date.now() - confirmedAt < trust) return;
    confirmedAt = Date.now();
    collection.again();
  };
  setInterval(confirm, trust / 6);
  document.addEventListener('visibilitychange', confirm);
  return { retry };
}

type Status = Remote<unknown>['status'];

function turns(name: keyof Answers, from: Status, to: Status, now: State, before: State): boolean {
  return before[name].status === from && now[name].status === to;
}

function loaderOf<Name extends keyof Answers>(store: Store, name: Name) {
  return loader(store, questions[name]);
}

function loader<Value>(store: Store, question: Question<Value>) {
  let asked: string | null = null;
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let latest: Value | null = null;
  let failed = false;

  const dispatch = (remote: Remote<Value>) =>
    store.dispatch({ kind: 'answered', answer: question.answer(remote), at: Date.now() });

  const ask = async () => {
    clearTimeout(timer);
    running?.abort();
    const own = new AbortController();
    running = own;
    try {
      const value = await question.ask(store.state(), own.signal);
      if (own.signal.aborted) return;
      failures = 0;
      failed = false;
      latest = value;
      dispatch({ status: 'ready', value });
    } catch (error) {
      if (own.signal.aborted) return;
      const problem = problemOf(error);
      if (problem.kind === 'unreadable') console.warn(problem.detail);
      failed = true;
      dispatch({ status: 'failed', value: latest, problem });
      if (isPassing(problem)) {
        timer = setTimeout(ask, waits[Math.min(failures, waits.length - 1)]);
        failures += 1;
      }
    }
  };

  return {
    update: () => {
      const state = store.state();
      const key = question.key(state);
      if (key === asked || question.rests?.(state)) return;
      asked = key;
      if (question.keep === 'nothing') latest = null;
      if (key === null) {
        clearTimeout(timer);
        running?.abort();
        return;
      }
      dispatch({ status: 'loading', value: latest });
      void ask();
    },
    retry: () => {
      if (failed && asked !== null) void ask();
    },
    again: () => {
      if (asked !== null) void ask();
    },
  };
}

/** Asks for further pages while the list has come to the end of those it has. */
function growing(store: Store): () => void {
  let asked: IncidentPage | null = null;
  let running = new AbortController();

  const ask = async (page: IncidentPage) => {
    running.abort();
    const own = new AbortController();
    running = own;
    asked = page;
    try {
      const more = await fetchNext(page, own.signal);
      if (more === null || own.signal.aborted) return;
      const value = { ...more, features: [...page.features, ...more.features] };
      const answer: Answer = { name: 'incidents', remote: { status: 'ready', value } };
      store.dispatch({ kind: 'answered', answer, at: Date.now() });
    } catch (error) {
      if (own.signal.aborted) return;
      const problem = problemOf(error);
      const answer: Answer = {
        name: 'incidents',
        remote: { status: 'failed', value: page, problem },
      };
      store.dispatch({ kind: 'answered', answer, at: Date.now() });
    }
  };

  return () => {
    const { incidents, wanted } = store.state();
    if (incidents.status !== 'ready') {
      running.abort();
      return;
    }
    const { value } = incidents;
    if (value !== asked && value.features.length < Math.min(wanted, value.numberMatched)) {
      void ask(value);
    }
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  throw error;
}
