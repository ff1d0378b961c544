import type { Measure } from '../../server/domain/vocabulary.ts';
import { measureCodes } from '../../server/domain/vocabulary.ts';
import type { Claim, Figure, Incident, IncidentInFull, Source } from '../model.ts';
import type { Remote } from '../state.ts';
import type { Texts } from '../text/index.ts';
import {
  byReport,
  countryInWords,
  edtfInWords,
  figureInWords,
  partyInWords,
  placeInWords,
  regionInWords,
  reportedInWords,
  reportedValues,
  timeInWords,
  valueInWords,
} from '../words.ts';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { Icon, TypeSymbol } from './icons.tsx';
import { ProblemNotice } from './notices.tsx';
import { isWebAddress, SourceLink } from './source-link.tsx';

interface IncidentPanelProps {
  readonly id: string;
  /** What the list knows already, shown until the whole incident is there. */
  readonly known: Incident | undefined;
  readonly remote: Remote<IncidentInFull>;
  readonly retry: () => void;
}

/** One incident: what is known, how well, and who said it. */
export function IncidentPanel({ id, known, remote, retry }: IncidentPanelProps) {
  const { t } = useSurroundings();
  const full = remote.value?.id === id ? remote.value : null;
  const incident = full ?? known;
  return (
    <Detail
      label={t.incident.label}
      subject={id}
      title={
        incident === undefined ? (
          id
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
      {full !== null && <Whole full={full} />}
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

function Whole({ full }: { full: IncidentInFull }) {
  const { t, dispatch } = useSurroundings();
  const { claims, sources, notes, locations, relations, identifiers } = full.properties;
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  return (
    <>
      <Figures full={full} />
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
      <p class="data-link">
        <a href={`/api/collections/incidents/items/${encodeURIComponent(full.id)}?f=geojson`}>
          {t.incident.asData}
          <Icon name="outward" />
        </a>
      </p>
    </>
  );
}

/** Each measure as a range, with every value reported for it side by side. */
function Figures({ full }: { full: IncidentInFull }) {
  const { t } = useSurroundings();
  const { figures, claims } = full.properties;
  const measures = measureCodes.filter((measure) => figures[measure] !== undefined);
  return (
    <section class="figures">
      <h3>
        {t.incident.figures}
        {measures.length > 0 && <span class="aside">{t.incident.figuresHint}</span>}
      </h3>
      {measures.length === 0 && <p class="hint">{t.incident.noFigures}</p>}
      {measures.map((measure) => {
        const figure = figures[measure];
        if (figure === undefined) return null;
        const values = reportedValues(t, measure, claims);
        return (
          <div class="figure" key={measure} data-measure={measure}>
            <h4>{t.measures[measure]}</h4>
            <p class="range">{figureInWords(t, measure, figure)}</p>
            {values.length > 1 && (
              <ul class="values" aria-label={t.incident.values}>
                {values.map(({ words, claims: those }) => (
                  <li key={words} title={those.map((claim) => claim.attributed_to).join('\n')}>
                    <b>{words}</b> <i>{t.incident.times(those.length)}</i>
                  </li>
                ))}
              </ul>
            )}
            {figure.latest !== null && (
              <p class="latest">
                {t.incident.latest}: <b>{valueInWords(t, measure, figure.latest)}</b>,{' '}
                <span lang="en">{figure.latest.attributed_to}</span>,{' '}
                {reportedInWords(t, figure.latest.reported_at)}
                <LatestSource latest={figure.latest} />
              </p>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** The publication behind the latest value, linked. */
function LatestSource({ latest }: { latest: NonNullable<Figure['latest']> }) {
  const { source_url: url, source_publisher: publisher } = latest;
  if (url === null || !isWebAddress(url)) return null;
  return (
    <>
      {' · '}
      <a href={url} rel="noopener noreferrer external" target="_blank">
        {publisher ?? new URL(url).host}
      </a>
    </>
  );
}

interface ReportsProps {
  readonly claims: readonly Claim[];
  readonly sourceOf: ReadonlyMap<string, Source>;
}

function Reports({ claims, sourceOf }: ReportsProps) {
  const { t } = useSurroundings();
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  const revised = new Set(
    claims.flatMap(({ relations }) =>
      relations.filter(({ relation }) => relation === 'revises').map(({ claim }) => claim),
    ),
  );
  return (
    <ol class="reports">
      {byReport(claims).map(({ day, statements }) => (
        <li key={day ?? 'undated'}>
          <h4>{day === null ? t.incident.undated : edtfInWords(t, day, 'long')}</h4>
          <ol>
            {statements.map((statement) => (
              <li key={statement.claims[0]?.id} class="statement">
                <p class="who" lang="en">
                  {statement.attributedTo}
                </p>
                <ul class="said">
                  {statement.claims.map((claim) => (
                    <ClaimLine
                      key={claim.id}
                      claim={claim}
                      known={known}
                      standing={revised.has(claim.id) ? 'revised' : 'standing'}
                    />
                  ))}
                </ul>
                <p class="carried">
                  <Clock reportedAt={statement.reportedAt} />
                  <SourceLink source={sourceOf.get(statement.source)} />
                </p>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function Clock({ reportedAt }: { reportedAt: string | null }) {
  const clock = /T(\d{2}:\d{2})/.exec(reportedAt ?? '')?.[1];
  return clock === undefined ? null : (
    <time class="clock" dateTime={reportedAt ?? undefined}>
      {clock}
    </time>
  );
}

interface ClaimLineProps {
  readonly claim: Claim;
  readonly known: ReadonlyMap<string, Claim>;
  readonly standing: 'standing' | 'revised';
}

function ClaimLine({ claim, known, standing }: ClaimLineProps) {
  const { t } = useSurroundings();
  const other = (id: string) => {
    const found = known.get(id);
    return found === undefined ? id : claimInWords(t, found);
  };
  const remarks = [
    t.incident.scopes[claim.scope.kind](claim.scope.name),
    claim.remark,
    claim.status === null ? null : t.incident.statuses[claim.status],
    claim.cause === null ? null : t.incident.cause(causeInWords(t, claim.cause)),
    claim.responsibility === null
      ? null
      : t.incident.stances[claim.responsibility.stance](
          partyInWords(t, claim.responsibility.party ?? 'unknown'),
        ),
    standing === 'revised' ? t.incident.revised : null,
    ...claim.relations.map(({ relation, claim: id }) => t.incident.relations[relation](other(id))),
  ].filter((remark) => remark !== null && remark !== '');
  return (
    <li
      class={claim.scope.kind === 'incident' ? standing : `elsewhere ${standing}`}
      data-claim={claim.id}
    >
      {claim.measure === 'narrative' ? (
        <span class="account" lang="en">
          {claim.text}
        </span>
      ) : (
        <b>{claimInWords(t, claim)}</b>
      )}
      {claim.measure !== 'narrative' && claim.text !== null && (
        <span class="account" lang="en">
          {' '}
          {claim.text}
        </span>
      )}
      {remarks.length > 0 && <span class="remarks"> {remarks.join(' · ')}</span>}
    </li>
  );
}

function claimInWords(t: Texts, claim: Claim): string {
  const { measure } = claim;
  return t.counted[measure](valueInWords(t, measure satisfies Measure, claim));
}

function causeInWords(t: Texts, cause: string): string {
  const names: Readonly<Record<string, string>> = t.incident.causes;
  return names[cause] ?? cause;
}
