import { formatFilter, without } from '../server/domain/filter.ts';
import { codesOf } from '../server/domain/vocabulary.ts';
import {
  ApiError,
  fetchArea,
  fetchAround,
  fetchClaimedRegions,
  fetchExtent,
  fetchFacets,
  fetchGroup,
  fetchIncident,
  fetchIncidents,
  fetchNext,
  fetchRegion,
  fetchTimeline,
  isPassing,
  type Problem,
} from './api.ts';
import type { IncidentInFull, IncidentPage } from './model.ts';
import type { Answer, Answers, Remote, State, Store } from './state.ts';
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
    ask: ({ filter, sort }, signal) => fetchIncidents(filter, writeSort(sort), signal),
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
  extent: {
    key: () => 'all',
    ask: (_, signal) => fetchExtent(signal),
    answer: (remote) => ({ name: 'extent', remote }),
    keep: 'old value',
  },
};

/** The incident on show, once it is there. */
function opened({ open, incident }: State): IncidentInFull | null {
  return open.kind === 'incident' && incident.value?.id === open.id ? incident.value : null;
}

const allQuestions: readonly (keyof Answers)[] = codesOf(questions);

/** Waits between tries while the server does not answer, ms; the last one repeats. */
const waits = [2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Asks the server whenever the state's question changes, aborts what is no longer wanted, and keeps
 * trying by itself while the server cannot be reached.
 */
export function loadAnswers(store: Store, wanted = allQuestions): { readonly retry: () => void } {
  const loaders = wanted.map((name) => loaderOf(store, name));
  const grow = growing(store);
  const update = () => {
    for (const { update } of loaders) update();
    grow();
  };
  const retry = () => {
    for (const { retry } of loaders) retry();
  };
  update();
  store.subscribe(update);
  window.addEventListener('online', retry);
  return { retry };
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
