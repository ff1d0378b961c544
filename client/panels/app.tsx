import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Scene } from '../map/map.ts';
import { type Dispatch, incidentsShown, type State } from '../state.ts';
import type { Names } from '../words.ts';
import { Attribution } from './attribution.tsx';
import { Surrounded, useSurroundings } from './context.ts';
import { Empty } from './empty.tsx';
import { Filters } from './filters.tsx';
import { GroupPanel } from './group.tsx';
import { IncidentPanel } from './incident.tsx';
import { Legend } from './legend.tsx';
import { Masthead } from './masthead.tsx';
import { useNames } from './names.ts';
import { MapNotice, Notices } from './notices.tsx';
import { PlaceSearch } from './place-search.tsx';
import { RegionPanel } from './region.tsx';
import { Results } from './results.tsx';
import { Sheet } from './sheet.tsx';
import { Timeline } from './timeline.tsx';

export interface AppProps {
  readonly scene: Scene;
  readonly dispatch: Dispatch;
  readonly retry: () => void;
  readonly fitResults: () => void;
  readonly coveredAnew: () => void;
  /** Saves the map as a picture; names are those of what is filtered. */
  readonly savePicture: (names: Names) => Promise<unknown>;
  readonly print: () => void;
}

/** All panels; the map lies beside them in the page and is not theirs. */
export function App(props: AppProps) {
  const { scene, dispatch, retry, fitResults, coveredAnew, savePicture, print } = props;
  const { state, texts: t, language } = scene;
  // The style sheet breaks at the same width.
  const narrow = useMedia('(max-width: 760px)');
  const names = useNames(state, language);
  const surroundings = useMemo(() => ({ t, language, dispatch }), [t, language, dispatch]);
  // Beside the map they stand with the results; on a phone the sheet would hide them there.
  const notices = <Notices state={state} retry={retry} />;
  const results = (
    <Results
      state={state}
      names={names}
      notices={narrow ? null : notices}
      fitResults={fitResults}
      savePicture={() => savePicture(names)}
      print={print}
    />
  );
  const filters = <Filters filter={state.filter} facets={state.facets.value} names={names} />;
  const opened = <Opened state={state} retry={retry} />;
  return (
    <Surrounded value={surroundings}>
      <a class="skip" href={narrow ? '#panel' : '#results'}>
        {narrow ? t.app.skipToPanel : t.app.skipToList}
      </a>
      {narrow ? (
        <>
          <Masthead theme={state.theme} />
          <PlaceSearch />
          <div class="over-map">
            {notices}
            <MapNotice state={state} retry={retry} />
            <Empty state={state} names={names} />
          </div>
          <Attribution />
          <Sheet
            settled={coveredAnew}
            open={state.open}
            opened={opened}
            tabs={{
              list: results,
              filter: filters,
              time: <Timeline state={state} />,
              legend: <Legend hidden={state.hidden} size={state.size} types="here" />,
            }}
          />
        </>
      ) : (
        <>
          <div class="side scroll">
            <Masthead theme={state.theme} />
            {filters}
            {results}
          </div>
          <PlaceSearch />
          <div class="over-map">
            <MapNotice state={state} retry={retry} />
            <Empty state={state} names={names} />
          </div>
          <FoldingLegend state={state} />
          <Attribution />
          <Timeline state={state} />
          {state.open.kind !== 'nothing' && <div class="opened scroll">{opened}</div>}
        </>
      )}
    </Surrounded>
  );
}

/** Open while the map has the room; folded when a panel takes half of it, unless the reader says. */
function FoldingLegend({ state }: { state: State }) {
  const { t } = useSurroundings();
  const roomy = useMedia('(min-width: 1100px)');
  const [wanted, setWanted] = useState<'open' | 'folded' | null>(null);
  const open = wanted === null ? roomy && state.open.kind === 'nothing' : wanted === 'open';
  return (
    <section class="legend" aria-label={t.legend.label}>
      <button
        type="button"
        class="fold"
        aria-expanded={open}
        onClick={() => setWanted(open ? 'folded' : 'open')}
      >
        {t.legend.label}
      </button>
      {open && <Legend hidden={state.hidden} size={state.size} types="in the filter" />}
    </section>
  );
}

function Opened({ state, retry }: { state: State; retry: () => void }) {
  const { open } = state;
  const shown = incidentsShown(state);
  switch (open.kind) {
    case 'nothing':
      return null;
    case 'incident':
      return (
        <IncidentPanel
          id={open.id}
          known={shown.find(({ id }) => id === open.id)}
          remote={state.incident}
          nearby={state.nearby}
          retry={retry}
        />
      );
    case 'incidents':
      return <GroupPanel state={state} retry={retry} />;
    case 'region':
      return <RegionPanel code={open.code} state={state} retry={retry} />;
  }
}

/** Whether the window is as a media query has it, now and as it changes. */
function useMedia(media: string): boolean {
  const [query] = useState(() => matchMedia(media));
  const [matches, setMatches] = useState(query.matches);
  useEffect(() => {
    const update = () => setMatches(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [query]);
  return matches;
}
