import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { claimOf } from '../map/claims.ts';
import type { Scene } from '../map/map.ts';
import type { Incident, Region } from '../model.ts';
import { type Dispatch, incidentsShown, type Open, regionShown, type State } from '../state.ts';
import { writeAddress } from '../url.ts';
import {
  countryInWords,
  edtfInWords,
  filterInWords,
  placeInWords,
  timeInWords,
  tollInWords,
} from '../words.ts';
import { Attribution } from './attribution.tsx';
import { Surrounded, useSurroundings } from './context.ts';
import { Icon, TypeSymbol } from './icons.tsx';
import { useNames } from './names.ts';
import { MapNotice, Notices } from './notices.tsx';

interface EmbeddedProps {
  readonly scene: Scene;
  readonly dispatch: Dispatch;
  readonly retry: () => void;
}

/** What surrounds the map in a frame: what is shown, what is opened, and the way to the whole. */
export function Embedded({ scene, dispatch, retry }: EmbeddedProps) {
  const { state, texts: t, language } = scene;
  const names = useNames(state, language);
  const surroundings = useMemo(() => ({ t, language, dispatch }), [t, language, dispatch]);
  const { incidents, filter } = state;
  const words = filterInWords(t, filter, names);
  const matched = incidents.value?.numberMatched;
  const title = words === '' ? t.app.name : words;
  useEffect(() => {
    document.title = words === '' ? t.app.name : `${words} – ${t.app.name}`;
  }, [words, t]);
  return (
    <Surrounded value={surroundings}>
      <header class="frame-head">
        <h1>{title}</h1>
        <p role="status">
          {matched === undefined ? t.states.loading : t.list.count(matched)}
          {matched === 0 && ` · ${t.states.empty}`}
        </p>
      </header>
      <Card state={state} />
      <div class="frame-notices">
        <Notices state={state} retry={retry} />
        <MapNotice state={state} retry={retry} />
      </div>
      <footer class="frame-foot">
        <IncidentList state={state} />
        <a href={writeAddress(state)} target="_blank" rel="noopener">
          {t.embed.whole}
          <Icon name="outward" />
        </a>
      </footer>
      <Attribution />
    </Surrounded>
  );
}

/** The same incidents as the map's symbols, for keyboard and screen reader. */
function IncidentList({ state }: { state: State }) {
  const { t, dispatch } = useSurroundings();
  const [open, setOpen] = useState(false);
  const shown = incidentsShown(state);
  return (
    <details
      class="frame-list"
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{t.embed.list}</summary>
      {open && (
        <Incidents
          incidents={shown}
          choose={(id) => {
            setOpen(false);
            dispatch({ kind: 'opened', open: { kind: 'incident', id } });
          }}
        />
      )}
    </details>
  );
}

interface IncidentsProps {
  readonly incidents: readonly Incident[];
  readonly choose: (id: string) => void;
}

/** A frame is no place to read more than this; the whole view has all. */
const mostListed = 100;

function Incidents({ incidents, choose }: IncidentsProps) {
  const { t } = useSurroundings();
  return (
    <ul>
      {incidents.slice(0, mostListed).map((incident) => (
        <li key={incident.id}>
          <button type="button" onClick={() => choose(incident.id)}>
            <TypeSymbol
              type={incident.properties.type}
              area={incident.properties.area_only ? 'area' : undefined}
            />
            <span>
              <b lang="en">{incident.properties.title}</b>
              <span>{timeInWords(t, incident, 'short')}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What was opened on the map, in brief, with the way to its claims and their sources. */
function Card({ state }: { state: State }) {
  const { t, dispatch } = useSurroundings();
  const { open } = state;
  const shown = incidentsShown(state);
  const close = () => dispatch({ kind: 'opened', open: { kind: 'nothing' } });
  switch (open.kind) {
    case 'nothing':
      return null;
    case 'incident': {
      const full = state.incident.value?.id === open.id ? state.incident.value : null;
      const incident = full ?? shown.find(({ id }) => id === open.id);
      return (
        <Frame label={t.incident.label} open={open} close={close} state={state}>
          {incident === undefined ? (
            <p>
              {state.incident.status === 'failed' ? t.states.notFound : t.states.loadingIncident}
            </p>
          ) : (
            <IncidentFacts incident={incident} />
          )}
        </Frame>
      );
    }
    case 'incidents': {
      const incidents = state.group.value ?? [];
      return (
        <Frame label={t.list.label} open={open} close={close} state={state}>
          <h2>{t.list.group(open.ids.length)}</h2>
          <Incidents
            incidents={incidents}
            choose={(id) => dispatch({ kind: 'opened', open: { kind: 'incident', id } })}
          />
        </Frame>
      );
    }
    case 'region': {
      const region = regionShown(state);
      return (
        <Frame label={t.region.label} open={open} close={close} state={state}>
          {region === null ? (
            <p>{state.region.status === 'failed' ? t.states.regionNotFound : t.states.loading}</p>
          ) : (
            <RegionFacts region={region} />
          )}
        </Frame>
      );
    }
  }
}

interface FrameProps {
  readonly label: string;
  readonly open: Open;
  readonly close: () => void;
  readonly state: State;
  readonly children: ComponentChildren;
}

function Frame({ label, open, close, state, children }: FrameProps) {
  const { t } = useSurroundings();
  const card = useRef<HTMLElement>(null);
  // Before the next key is pressed, which a frame drawn late would miss.
  useLayoutEffect(() => {
    card.current?.focus();
    const closeOnEscape = ({ key }: KeyboardEvent) => key === 'Escape' && close();
    window.addEventListener('keydown', closeOnEscape);
    return () => window.removeEventListener('keydown', closeOnEscape);
  }, [open]);
  return (
    <aside class="card" aria-label={label} tabIndex={-1} ref={card}>
      <button type="button" class="plain" aria-label={t.incident.close} onClick={close}>
        <Icon name="close" />
      </button>
      {children}
      {open.kind !== 'incidents' && (
        <p>
          <a href={writeAddress({ ...state, open })} target="_blank" rel="noopener">
            {t.embed.claims}
          </a>
        </p>
      )}
    </aside>
  );
}

function IncidentFacts({ incident }: { incident: Incident }) {
  const { t } = useSurroundings();
  return (
    <>
      <h2 lang="en">{incident.properties.title}</h2>
      <p>
        {timeInWords(t, incident, 'long')} · {tollInWords(t, incident)}
      </p>
      <p class="aside">{placeInWords(t, incident)}</p>
    </>
  );
}

function RegionFacts({ region }: { region: Region }) {
  const { t, language } = useSurroundings();
  const { name_en, name_uk, country } = region.properties;
  const claim = claimOf(region);
  return (
    <>
      <h2>{language === 'uk' ? (name_uk ?? name_en) : name_en}</h2>
      <p>{t.region.of(countryInWords(t, country))}</p>
      {claim !== null && (
        <p>
          {claim.since === null
            ? t.region.claimUndated(countryInWords(t, claim.claimant))
            : t.region.claim(
                countryInWords(t, claim.claimant),
                edtfInWords(t, claim.since, 'long'),
              )}
          {claim.instrument !== null && `. ${t.region.notRecognised(claim.instrument)}`}
        </p>
      )}
      {claim !== null && <p class="aside">{t.region.claimIsNotControl}</p>}
    </>
  );
}
