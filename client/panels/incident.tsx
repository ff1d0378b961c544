import type { Incident, IncidentInFull } from '../model.ts';
import type { Remote, State } from '../state.ts';
import { countryInWords, placeInWords, regionInWords, timeInWords } from '../words.ts';
import { Cite } from './cite.tsx';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { Figures } from './figures.tsx';
import { Icon, TypeSymbol } from './icons.tsx';
import { Nearby } from './nearby.tsx';
import { isMissing, ProblemNotice } from './notices.tsx';
import { Positions } from './positions.tsx';
import { Reports } from './reports.tsx';
import { isWebAddress, SourceLink } from './source-link.tsx';

interface IncidentPanelProps {
  readonly id: string;
  /** What the list knows already, shown until the whole incident is there. */
  readonly known: Incident | undefined;
  readonly remote: Remote<IncidentInFull>;
  readonly nearby: State['nearby'];
  readonly retry: () => void;
}

/** One incident: what is known, how well, and who said it. */
export function IncidentPanel({ id, known, remote, nearby, retry }: IncidentPanelProps) {
  const { t } = useSurroundings();
  const full = remote.value?.id === id ? remote.value : null;
  const incident = full ?? known;
  return (
    <Detail
      label={t.incident.label}
      subject={id}
      title={
        incident === undefined ? (
          isMissing(remote) ? (
            t.states.noIncident
          ) : (
            id
          )
        ) : (
          <>
            <TypeSymbol
              type={incident.properties.type}
              area={incident.properties.area_only ? 'area' : undefined}
            />
            <span lang="en">{incident.properties.title}</span>
          </>
        )
      }
    >
      {incident !== undefined && <Facts incident={incident} />}
      {full !== null && <Whole full={full} nearby={nearby} />}
      {full === null && remote.status === 'failed' && (
        <ProblemNotice problem={remote.problem} subject="incident" retry={retry} />
      )}
      {full === null && remote.status === 'loading' && (
        <p class="waiting" role="status">
          {t.states.loadingIncident}
        </p>
      )}
    </Detail>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const { t, language } = useSurroundings();
  const { properties } = incident;
  return (
    <>
      <p class="summary" lang="en">
        {properties.summary}
      </p>
      <dl class="facts">
        <dt>{t.incident.when}</dt>
        <dd>
          {timeInWords(t, incident, 'long')}
          {properties.time_local !== null && (
            <span class="aside">{t.time.local(properties.time_local)}</span>
          )}
        </dd>
        <dt>{t.incident.where}</dt>
        <dd>
          {placeInWords(t, incident)}
          <span class="aside">
            {[
              ...new Set([
                regionInWords(t, language, incident),
                countryInWords(t, properties.country),
              ]),
            ].join(', ')}
          </span>
          <span class="aside" lang="en">
            {properties.area_only
              ? t.place.around(properties.coordinate_source)
              : t.place.point(properties.coordinate_source)}
          </span>
        </dd>
        <dt>{t.incident.struck}</dt>
        <dd>
          {t.types[properties.type]}: {properties.targets.map((code) => t.targets[code]).join(', ')}
        </dd>
        <dt>{t.incident.attacker}</dt>
        <dd>
          {t.attackers[properties.attacker]}
          <span class="aside">{t.incident.attackerNote}</span>
        </dd>
      </dl>
    </>
  );
}

function Whole({ full, nearby }: { full: IncidentInFull; nearby: State['nearby'] }) {
  const { t, dispatch } = useSurroundings();
  const { claims, sources, notes, locations, relations, identifiers } = full.properties;
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  return (
    <>
      <Figures full={full} sourceOf={sourceOf} />
      <Positions claims={claims} sourceOf={sourceOf} />
      <section class="claims">
        <h3>
          {t.incident.claims}
          <span class="aside">{t.incident.claimsHint(claims.length, sources.length)}</span>
        </h3>
        <Reports claims={claims} sourceOf={sourceOf} />
      </section>
      {notes.length > 0 && (
        <section class="notes">
          <h3>
            {t.incident.notes}
            <span class="aside">{t.incident.notesHint}</span>
          </h3>
          {notes.map((note) => (
            <p key={note.id}>
              <span lang="en">{note.text}</span>{' '}
              {note.source !== null && <SourceLink source={sourceOf.get(note.source)} />}
            </p>
          ))}
        </section>
      )}
      {locations.length > 0 && (
        <section>
          <h3>{t.incident.locations}</h3>
          <ul class="plain-list">
            {locations.map((location) => (
              <li key={location.id}>
                <span lang="en">{location.place}</span>
                <span class="aside">
                  {[
                    ...location.targets.map((code) => t.targets[code]),
                    t.filter.chips.geo_precision(t.precisions[location.geo_precision]),
                  ].join(', ')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {relations.length > 0 && (
        <section>
          <h3>{t.incident.related}</h3>
          <ul class="plain-list">
            {relations.map(({ relation, incident, title, note }) => (
              <li key={`${relation} ${incident}`}>
                <button
                  type="button"
                  class="link"
                  onClick={() =>
                    dispatch({ kind: 'opened', open: { kind: 'incident', id: incident } })
                  }
                >
                  <span lang="en">{title}</span>
                </button>
                <span class="aside">
                  {t.incident.incidentRelations[relation]}
                  {note !== null && (
                    <>
                      {' · '}
                      <span lang="en">{note}</span>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {identifiers.length > 0 && (
        <section>
          <h3>{t.incident.identifiers}</h3>
          <ul class="plain-list">
            {identifiers.map(({ scheme, identifier, url }) => (
              <li key={`${scheme} ${identifier}`}>
                {scheme}:{' '}
                {url !== null && isWebAddress(url) ? (
                  <a href={url} rel="noopener noreferrer external" target="_blank">
                    {identifier}
                  </a>
                ) : (
                  identifier
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Nearby state={nearby} here={full} />
      <section>
        <h3>
          {t.incident.sources}
          <span class="aside">{t.incident.sourcesHint}</span>
        </h3>
        <ol class="plain-list source-list">
          {sources.map((source) => (
            <li key={source.id}>
              {source.title !== null && <p lang={source.language ?? undefined}>{source.title}</p>}
              <SourceLink source={source} />
            </li>
          ))}
        </ol>
      </section>
      <Cite incident={full} />
      <p class="data-link">
        <a href={`/api/collections/incidents/items/${encodeURIComponent(full.id)}?f=geojson`}>
          {t.incident.asData}
          <Icon name="outward" />
        </a>
      </p>
    </>
  );
}
