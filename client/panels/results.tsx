import { filterNames } from '../../server/domain/filter.ts';
import { incidentsAddress, pageLimit } from '../api.ts';
import { incidentsShown, type State } from '../state.ts';
import type { RegionNames } from '../words.ts';
import { Chips } from './chips.tsx';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';
import { List } from './list.tsx';
import { Notices } from './notices.tsx';

interface ResultsProps {
  readonly state: State;
  readonly regionNames: RegionNames;
  readonly retry: () => void;
  readonly fitResults: () => void;
}

/** How many incidents there are, what they are filtered by, and the list of them. */
export function Results({ state, regionNames, retry, fitResults }: ResultsProps) {
  const { t } = useSurroundings();
  const { incidents, filter } = state;
  const matched = incidents.value?.numberMatched;
  const shown = incidentsShown(state);
  const filtered = filterNames.some((name) => filter[name] !== undefined);
  return (
    <section class="results" id="results" tabIndex={-1} aria-label={t.list.label}>
      <div class="results-head">
        <h2 aria-live="polite" aria-busy={incidents.status === 'loading'}>
          {matched === undefined
            ? incidents.status === 'failed'
              ? t.list.label
              : t.states.loading
            : t.list.count(matched)}
        </h2>
        <a
          class="plain"
          href={`${incidentsAddress(filter, [
            ['f', 'geojson'],
            ['limit', `${pageLimit}`],
          ])}`}
          aria-label={`${t.list.data}: ${t.list.geojson}`}
        >
          {t.list.geojson}
          <Icon name="outward" />
        </a>
        <button
          type="button"
          class="plain"
          aria-label={t.map.fit}
          title={t.map.fit}
          onClick={fitResults}
        >
          <Icon name="fit" />
        </button>
      </div>
      <Notices state={state} retry={retry} />
      {matched === 0 && filtered ? (
        <div class="empty">
          <p>
            <b>{t.states.empty}</b>
          </p>
          <p>{t.states.emptyHint}</p>
          <Chips filter={filter} regionNames={regionNames} />
        </div>
      ) : (
        <Chips filter={filter} regionNames={regionNames} />
      )}
      {matched !== undefined && matched > shown.length && (
        <p class="hint">{t.list.onMap(shown.length, matched)}</p>
      )}
      {incidents.value === null && incidents.status === 'loading' && <Skeleton />}
      {shown.length > 0 && <List state={state} incidents={shown} />}
    </section>
  );
}

/** The list's place while the first answer is on its way. */
function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: 7 }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}
