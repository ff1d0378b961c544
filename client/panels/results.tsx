import type { ComponentChildren } from 'preact';
import { incidentsShown, newestFirst, type State } from '../state.ts';
import type { Names } from '../words.ts';
import { Chips } from './chips.tsx';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';
import { List } from './list.tsx';
import { Share } from './share.tsx';

interface ResultsProps {
  /** What is to be said of the whole view, where that stands here. */
  readonly notices: ComponentChildren;
  readonly state: State;
  readonly names: Names;
  readonly fitResults: () => void;
  readonly savePicture: () => Promise<unknown>;
  readonly print: () => void;
}

/** How many incidents there are, what they are filtered by, and the list of them. */
export function Results(props: ResultsProps) {
  const { state, names, notices, fitResults, savePicture, print } = props;
  const { t } = useSurroundings();
  const { incidents, filter } = state;
  const matched = incidents.value?.numberMatched;
  const shown = incidentsShown(state);
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
      {matched !== undefined && (
        <Share
          state={state}
          names={names}
          matched={matched}
          savePicture={savePicture}
          print={print}
        />
      )}
      {notices}
      <Chips filter={filter} names={names} />
      {incidents.value === null && incidents.status === 'loading' && <Skeleton />}
      {shown.length > 0 && (
        <List
          state={state}
          incidents={shown}
          matched={matched ?? shown.length}
          sort={state.sort ?? newestFirst}
        />
      )}
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
