import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isPassing, type Problem } from '../api.ts';
import type { Remote, State } from '../state.ts';
import type { Texts } from '../text/index.ts';
import { useSurroundings } from './context.ts';

/** Why there is no answer, in a sentence. */
export function problemInWords(t: Texts, problem: Problem, subject: 'incident' | 'region'): string {
  switch (problem.kind) {
    case 'unreachable':
      return navigator.onLine ? t.states.unreachable : t.states.offline;
    case 'busy':
      return t.states.busy;
    case 'not-found':
      return subject === 'incident' ? t.states.notFound : t.states.regionNotFound;
    case 'refused':
      return t.states.refused(problem.detail);
    case 'unreadable':
      return t.states.unreadable;
  }
}

/** Whether there is no such thing, rather than no answer. */
export function isMissing(remote: Remote<unknown>): boolean {
  return remote.status === 'failed' && remote.problem.kind === 'not-found';
}

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly subject: 'incident' | 'region';
  readonly retry: () => void;
  readonly children?: ComponentChildren;
}

/** Why something is not there, and what happens next. */
export function ProblemNotice({ problem, subject, retry, children }: ProblemNoticeProps) {
  const { t } = useSurroundings();
  return (
    <div class="notice" role="alert">
      <p>{problemInWords(t, problem, subject)}</p>
      {isPassing(problem) && (
        <p>
          {t.states.retrying}{' '}
          <button type="button" class="link" onClick={retry}>
            {t.states.retry}
          </button>
        </p>
      )}
      {children}
    </div>
  );
}

/** What is wrong with the whole view: an address that cannot be honoured, a server out of reach. */
export function Notices({ state, retry }: { state: State; retry: () => void }) {
  const { t, dispatch } = useSurroundings();
  const { fault, incidents, answeredAt, mapFailed } = state;
  const online = useOnline();
  const clock = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <>
      {fault !== null && (
        <div class="notice" role="alert">
          <p>
            {t.states.faultHint} {t.states.fault(fault.parameter, fault.value)}
          </p>
          <p>
            <span lang="en">{fault.reason}</span>{' '}
            <button type="button" class="link" onClick={() => dispatch({ kind: 'fault-read' })}>
              {t.states.dismiss}
            </button>
          </p>
        </div>
      )}
      {mapFailed && (
        <div class="notice" role="alert">
          <p>
            {t.map.failed} {t.map.failedHint}
          </p>
        </div>
      )}
      {!online && incidents.status !== 'failed' && (
        <div class="notice" role="alert">
          <p>{t.states.offline}</p>
          {answeredAt !== null && <p>{t.states.stale(clock.format(answeredAt))}</p>}
        </div>
      )}
      {incidents.status === 'failed' && (
        <ProblemNotice problem={incidents.problem} subject="incident" retry={retry}>
          {incidents.value !== null && answeredAt !== null && (
            <p>{t.states.stale(clock.format(answeredAt))}</p>
          )}
        </ProblemNotice>
      )}
    </>
  );
}

/** What stands over the map while it does not draw what the list holds. */
export function MapNotice({ state, retry }: { state: State; retry: () => void }) {
  const { t } = useSurroundings();
  if (state.tiles !== 'failed' || state.mapFailed) return null;
  return (
    <div class="notice" role="alert">
      <p>{t.states.mapBehind}</p>
      <p>
        {t.states.retrying}{' '}
        <button type="button" class="link" onClick={retry}>
          {t.states.retry}
        </button>
      </p>
    </div>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return online;
}
