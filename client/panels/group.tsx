import type { Incident } from '../model.ts';
import type { State } from '../state.ts';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { List } from './list.tsx';

/** The incidents that share one point on the map, as a list. */
export function GroupPanel({ state, incidents }: { state: State; incidents: readonly Incident[] }) {
  const { t } = useSurroundings();
  return (
    <Detail
      label={t.list.label}
      subject={incidents.map(({ id }) => id).join()}
      title={t.list.group(incidents.length)}
    >
      <p class="hint">{t.list.groupHint}</p>
      <List state={state} incidents={incidents} matched={incidents.length} sort={null} />
    </Detail>
  );
}
