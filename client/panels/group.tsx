import type { State } from '../state.ts';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';
import { ProblemNotice } from './notices.tsx';

/** Incidents that are opened together, as a list: mostly those that share one point on the map. */
export function GroupPanel({ state, retry }: { state: State; retry: () => void }) {
  const { t } = useSurroundings();
  const { group, open } = state;
  const ids = open.kind === 'incidents' ? open.ids : [];
  const incidents = group.value ?? [];
  const places = new Set(incidents.map(({ geometry }) => geometry.coordinates.join()));
  const precisions = [...new Set(incidents.map(({ properties }) => properties.geo_precision))];
  const [precision, ...others] = precisions;
  const hint = places.size === 1 && others.length === 0 ? precision : undefined;
  return (
    <Detail
      label={t.list.label}
      subject={ids.join()}
      title={places.size === 1 ? t.list.group(ids.length) : t.list.count(ids.length)}
    >
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
          {hint !== undefined && <p class="hint">{t.list.groupHints[hint]}</p>}
          <List state={state} incidents={incidents} matched={incidents.length} sort={null} />
        </>
      )}
    </Detail>
  );
}
