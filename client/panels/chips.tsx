import { type Filter, filterNames } from '../../server/domain/filter.ts';
import type { FilterName } from '../../server/domain/parameters.ts';
import { filterValueInWords, type RegionNames } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

/** What is filtered, in words; each part can be removed by itself. */
export function Chips({ filter, regionNames }: { filter: Filter; regionNames: RegionNames }) {
  const { t, dispatch } = useSurroundings();
  const names = filterNames.filter((name) => filter[name] !== undefined);
  if (names.length === 0) return null;
  const chips: Readonly<Partial<Record<FilterName, (value: string) => string>>> = t.filter.chips;
  return (
    <ul class="chips" aria-label={t.filter.active}>
      {names.map((name) => {
        const value = filterValueInWords(t, filter, name, regionNames);
        const words = chips[name]?.(value) ?? value;
        return (
          <li key={name}>
            <button
              type="button"
              aria-label={t.filter.remove(words)}
              onClick={() => dispatch({ kind: 'filtered', filter: without(filter, name) })}
            >
              {words}
              <Icon name="close" />
            </button>
          </li>
        );
      })}
      {names.length > 1 && (
        <li>
          <button
            type="button"
            class="clear"
            onClick={() => dispatch({ kind: 'filtered', filter: {} })}
          >
            {t.filter.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

function without(filter: Filter, name: FilterName): Filter {
  const { [name]: _, ...others } = filter;
  return others;
}
