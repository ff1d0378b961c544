import { type Filter, filterNames, without } from '../../server/domain/filter.ts';
import { chipInWords, type Names } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

/** What is filtered, in words; each part can be removed by itself. */
export function Chips({ filter, names }: { filter: Filter; names: Names }) {
  const { t, dispatch } = useSurroundings();
  const given = filterNames.filter((name) => filter[name] !== undefined);
  if (given.length === 0) return null;
  return (
    <ul class="chips" aria-label={t.filter.active}>
      {given.map((name) => {
        const words = chipInWords(t, filter, name, names);
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
      {given.length > 1 && (
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
