import type { Problem } from '../api.ts';
import type { State } from '../state.ts';
import type { Texts } from '../text/index.ts';
import { useSurroundings } from './context.ts';

/** Why there is no answer, in a sentence. */
export function problemInWords(t: Texts, problem: Problem, subject: 'incident' | 'region'): string {
  switch (problem.kind) {
    case 'unreachable':
      return navigator.onLine ? t.states.unreachable : t.states.offline;
    case 'not-found':
      return subject === 'incident' ? t.states.notFound : t.states.regionNotFound;
    case 'refused':
      return t.states.refused(problem.detail);
    case 'unreadable':
      return t.states.unreadable;
  }
}

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly subject: 'incident' | 'region';
  readonly retry: () => void;
}

/** Why something is not there, and what happens next. */
export function ProblemNotice({ problem, subject, retry }: ProblemNoticeProps) {
  const { t } = useSurroundings();
  return (
    <div class="notice" role="alert">
      <p>{problemInWords(t, problem, subject)}</p>
      {problem.kind === 'unreachable' && (
        <p>
          {t.states.retrying}{' '}
          <button type="button" class="link" onClick={retry}>
            {t.states.retry}
          </button>
        </p>
      )}
    </div>
  );
}

/** What is wrong with the whole view: an address that cannot be honoured, a server out of reach. */
export function Notices({ state, retry }: { state: State; retry: () => void }) {
  const { t, dispatch } = useSurroundings();
  const { fault, incidents, answeredAt, mapFailed } = state;
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
      {incidents.status === 'failed' && (
        <>
          <ProblemNotice problem={incidents.problem} subject="incident" retry={retry} />
          {incidents.value !== null && answeredAt !== null && (
            <p class="hint">{t.states.stale(clock.format(answeredAt))}</p>
          )}
        </>
      )}
    </>
  );
}
