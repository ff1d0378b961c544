import { filterNames, without } from '../../server/domain/filter.ts';
import type { FilterName } from '../../server/domain/parameters.ts';
import type { State } from '../state.ts';
import { chipInWords, type Names } from '../words.ts';
import { useSurroundings } from './context.ts';

/** Nothing matches: which part of the filter to loosen, the one that gives most first. */
export function Empty({ state, names }: { state: State; names: Names }) {
  const { t, dispatch } = useSurroundings();
  const { filter, facets, incidents } = state;
  if (incidents.value?.numberMatched !== 0) return null;
  const numbers = facets.value?.without ?? {};
  const ways = filterNames
    .flatMap((name): { name: FilterName; incidents: number }[] => {
      const incidents = filter[name] === undefined ? undefined : numbers[name];
      return incidents === undefined ? [] : [{ name, incidents }];
    })
    .sort((one, other) => other.incidents - one.incidents);
  const helpful = ways.filter(({ incidents }) => incidents > 0);
  return (
    <div class="empty" role="status">
      <p>
        <b>{t.states.empty}</b>
      </p>
      {helpful.length > 0 && (
        <>
          <p>{t.states.emptyHint}</p>
          <ul class="ways">
            {helpful.map(({ name, incidents }) => (
              <li key={name}>
                <button
                  type="button"
                  class="way"
                  onClick={() => dispatch({ kind: 'filtered', filter: without(filter, name) })}
                >
                  <span>{t.states.without(chipInWords(t, filter, name, names))}</span>
                  <b>{t.list.count(incidents)}</b>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {helpful.length === 0 && ways.length > 1 && <p>{t.states.emptyAnyway}</p>}
    </div>
  );
}
