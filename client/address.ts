import type { Place, State, Store } from './state.ts';
import { readAddress, writeAddress } from './url.ts';

/** Changes that follow each other faster than this, ms, share one entry in the history. */
const rapid = 700;

/**
 * Keeps the address and the state the same: what the reader chooses becomes an entry in the
 * history, where the map is moved to replaces the current one, and back and forward restore both.
 */
export function keepAddress(store: Store): void {
  let restoring = false;
  let lastPush = Number.NEGATIVE_INFINITY;
  // Dates on the move make one entry: where they first moved to, which what follows replaces.
  let hasEntry = false;
  store.subscribe((now, before) => {
    if (!now.playing) hasEntry = false;
    if (restoring) return;
    const address = writeAddress(now);
    if (address === writeAddress(before)) return;
    const chosen = choices.some((name) => now[name] !== before[name]);
    const time = performance.now();
    if (chosen && (now.playing ? !hasEntry : time - lastPush > rapid)) {
      hasEntry = now.playing;
      history.pushState(null, '', address);
      lastPush = time;
    } else {
      history.replaceState(null, '', address);
    }
  });
  window.addEventListener('popstate', () => {
    const { place, fault } = readAddress(`${location.pathname}${location.search}`);
    restoring = true;
    store.dispatch({ kind: 'navigated', place, fault });
    restoring = false;
  });
}

const choices: readonly (keyof Place & keyof State)[] = [
  'filter',
  'sort',
  'open',
  'hidden',
  'size',
  'language',
  'theme',
];
