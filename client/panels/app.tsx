import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Scene } from '../map/map.ts';
import { type Dispatch, incidentsShown, type State, timelineOf } from '../state.ts';
import type { Language } from '../text/index.ts';
import type { RegionNames } from '../words.ts';
import { Attribution } from './attribution.tsx';
import { Surrounded, useSurroundings } from './context.ts';
import { Filters } from './filters.tsx';
import { GroupPanel } from './group.tsx';
import { IncidentPanel } from './incident.tsx';
import { Legend } from './legend.tsx';
import { Masthead } from './masthead.tsx';
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
}

/** All panels; the map lies beside them in the page and is not theirs. */
export function App({ scene, dispatch, retry, fitResults, coveredAnew }: AppProps) {
  const { state, texts: t, language } = scene;
  const narrow = useNarrow();
  const regionNames = useRegionNames(state, language);
  const surroundings = useMemo(() => ({ t, language, dispatch }), [t, language, dispatch]);
  const results = (
    <Results state={state} regionNames={regionNames} retry={retry} fitResults={fitResults} />
  );
  const filters = <Filters filter={state.filter} regionNames={regionNames} />;
  const opened = <Opened state={state} retry={retry} />;
  return (
    <Surrounded value={surroundings}>
      <a class="skip" href={narrow ? '#panel' : '#results'}>
        {narrow ? t.app.skipToPanel : t.app.skipToList}
      </a>
      {narrow ? (
        <>
          <Masthead theme={state.theme} />
          <Attribution />
          <Sheet
            settled={coveredAnew}
            open={state.open}
            opened={opened}
            tabs={{
              list: results,
              filter: (
                <>
                  {filters}
                  <Timeline state={state} />
                </>
              ),
              legend: <Legend hidden={state.hidden} types="here" />,
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
  const [wanted, setWanted] = useState<'open' | 'folded' | null>(null);
  const open = wanted === null ? state.open.kind === 'nothing' : wanted === 'open';
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
      {open && <Legend hidden={state.hidden} types="in the filter" />}
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
          retry={retry}
        />
      );
    case 'incidents':
      return (
        <GroupPanel state={state} incidents={shown.filter(({ id }) => open.ids.includes(id))} />
      );
    case 'region':
      return <RegionPanel code={open.code} state={state} retry={retry} />;
  }
}

/** Names of the regions that incidents lie in, by code, in the order of the alphabet. */
function useRegionNames(state: State, language: Language): RegionNames {
  const [known] = useState(() => new Map<string, { en: string; uk: string | null }>());
  const counted = timelineOf(state);
  const regions = state.regions.value;
  return useMemo(() => {
    for (const { properties } of counted) {
      if (properties.region !== null && properties.region_name !== null) {
        known.set(properties.region, properties.region_name);
      }
    }
    for (const { id, properties } of regions ?? []) {
      known.set(id, { en: properties.name_en, uk: properties.name_uk });
    }
    const names = [...known].map(([code, name]): [string, string] => [
      code,
      name[language] ?? name.en,
    ]);
    return new Map(names.sort(([, one], [, other]) => one.localeCompare(other, language)));
  }, [counted, regions, language, known]);
}

/** Whether the window is a phone's; the style sheet breaks at the same width. */
function useNarrow(): boolean {
  const [query] = useState(() => matchMedia('(max-width: 760px)'));
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const update = () => setNarrow(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [query]);
  return narrow;
}
