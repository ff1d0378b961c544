import type { State } from '../state.ts';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';
import { ProblemNotice } from './notices.tsx';

/** The incidents that share one point on the map, as a list. */
export function GroupPanel({ state, retry }: { state: State; retry: () => void }) {
  const { t } = useSurroundings();
  const { group, open } = state;
  const ids = open.kind === 'incidents' ? open.ids : [];
  const incidents = group.value ?? [];
  return (
    <Detail label={t.list.label} subject={ids.join()} title={t.list.group(ids.length)}>
      {group.status === 'failed' && (
        <ProblemNotice problem={group.problem} subject="incident" retry={retry} />
      )}
      {group.status === 'loading' && (
        <p class="waiting" role="status">
          {t.states.loading}
        </p>
      )}
      {group.status === 'ready' && (
        <>
          <p class="hint">{t.list.groupHint}</p>
          <List state={state} incidents={incidents} matched={incidents.length} sort={null} />
        </>
      )}
    </Detail>
  );
}
