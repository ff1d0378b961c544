import type { Geometry } from 'geojson';
import type { Claim, Figure, Incident, IncidentInFull, Source } from '../../client/model.ts';
import {
  countryInWords,
  distanceInWords,
  figureInWords,
  partyInWords,
  placeInWords,
  regionInWords,
  reportedInWords,
  timeInWords,
  valueInWords,
} from '../../client/words.ts';
import { type Measure, measureCodes } from '../domain/vocabulary.ts';
import { urls } from '../routes/links.ts';
import type { MapArea, MapContent, MapPoint } from './map/map.tsx';
import type { Step } from './page.tsx';
import { Latest, OutwardLink, Picture, publisherOf, SourceLink, TypeSymbol } from './parts.tsx';
import { useWords, type Words } from './words.ts';

interface IncidentProps {
  readonly incident: IncidentInFull;
  /** The disc, district or regions that the incident's point stands for. */
  readonly area: Geometry | null;
  /** The same incident elsewhere: on the map, or as a record of the API. */
  readonly twin: Step;
}

/** All that is known of an incident, how well, and who said it: readable without any script. */
export function IncidentArticle({ incident, area, twin }: IncidentProps) {
  const { t, p } = useWords();
  const { properties } = incident;
  return (
    <article class="record">
      <header>
        <p class="kicker">
          {t.types[properties.type]} · {timeInWords(t, incident, 'long')}
        </p>
        <h1 lang="en">
          <TypeSymbol type={properties.type} known={properties.area_only ? 'area' : 'point'} />
          {properties.title}
        </h1>
        <p class="lead" lang="en">
          {properties.summary}
        </p>
      </header>
      <div class="beside">
        <Picture
          label={p.incident.mapOf(properties.title)}
          content={picture(incident, area)}
          shape="narrow"
        />
        <Facts incident={incident} twin={twin} />
        <Locations incident={incident} />
        <Relations incident={incident} />
        <Identifiers incident={incident} />
      </div>
      <div>
        <Figures incident={incident} />
        <Claims incident={incident} />
        <Notes incident={incident} />
        <Sources sources={properties.sources} />
      </div>
    </article>
  );
}

/** The incident with its area, and its further locations. */
export function picture(
  { geometry, properties }: IncidentInFull,
  area: Geometry | null,
): MapContent {
  const { title, type, area_only: areaOnly, uncertainty_m: radius } = properties;
  const outline: MapArea[] =
    areaOnly && area !== null ? [{ geometry: area, kind: 'uncertain', title }] : [];
  const primary: MapPoint[] =
    outline.length > 0
      ? []
      : [{ position: [...geometry.coordinates], radius, sign: areaOnly ? 'none' : type, title }];
  const others = properties.locations.flatMap((location): MapPoint[] => {
    const { geometry: at, place, uncertainty_m: within, geo_precision: known } = location;
    if (at === null) return [];
    const isPoint = known === 'site' || known === 'settlement';
    return [
      {
        position: [...at.coordinates],
        radius: within ?? 0,
        sign: isPoint ? type : 'none',
        title: place,
      },
    ];
  });
  return { areas: outline, points: [...primary, ...others] };
}

function Facts({ incident, twin }: { incident: Incident; twin: Step }) {
  const { t, p, language, base } = useWords();
  const { properties } = incident;
  const region = regionInWords(t, language, incident);
  const country = countryInWords(t, properties.country);
  return (
    <dl class="facts">
      <dt>{t.incident.when}</dt>
      <dd>
        {timeInWords(t, incident, 'long')}
        {properties.time_local !== null && (
          <span class="aside" lang="en">
            {t.time.local(properties.time_local)}
          </span>
        )}
      </dd>
      <dt>{t.incident.where}</dt>
      <dd>
        {placeInWords(t, incident)}
        <span class="aside" lang="en">
          {properties.area_only
            ? t.place.around(properties.coordinate_source)
            : t.place.point(properties.coordinate_source)}
        </span>
      </dd>
      <dt>{p.incident.region}</dt>
      <dd>
        {properties.region === null ? (
          region
        ) : (
          <a href={urls.item(base, 'regions', properties.region)}>{region}</a>
        )}
        {region !== country && `, ${country}`}
      </dd>
      <dt>{t.incident.struck}</dt>
      <dd>{properties.targets.map((code) => t.targets[code]).join(', ')}</dd>
      <dt>{t.incident.attacker}</dt>
      <dd>
        {t.attackers[properties.attacker]}
        <span class="aside">{t.incident.attackerNote}</span>
      </dd>
      <dt>{p.incident.dataset}</dt>
      <dd>
        <span lang="en">{properties.attribution}</span>
        <span class="aside" lang="en">
          {properties.licence_url === null ? (
            properties.licence
          ) : (
            <OutwardLink href={properties.licence_url}>{properties.licence}</OutwardLink>
          )}
        </span>
      </dd>
      <dt>{p.links}</dt>
      <dd>
        <a href={twin.href}>{twin.title}</a>
      </dd>
    </dl>
  );
}

/** Each measure as a range, with who gave the last value. */
function Figures({ incident }: { incident: IncidentInFull }) {
  const { t, p } = useWords();
  const { figures } = incident.properties;
  const given = measureCodes.flatMap((measure) => {
    const figure = figures[measure];
    return figure === undefined ? [] : [{ measure, figure }];
  });
  return (
    <section>
      <h2>{t.incident.figures}</h2>
      <p class="hint">{given.length === 0 ? t.incident.noFigures : t.incident.figuresHint}</p>
      <div class="figures">
        {given.map(({ measure, figure }) => (
          <div class="figure" key={measure}>
            <h3>{t.measures[measure]}</h3>
            <p class="range">{figureInWords(t, measure, figure)}</p>
            <p class="latest">
              <Latest measure={measure} figure={figure} /> · {p.incident.more(figure.claims)}
            </p>
          </div>
        ))}
      </div>
    </section>
  );
}

/** Claims by what they give, each with who made it, when, and in which source. */
function Claims({ incident }: { incident: IncidentInFull }) {
  const { t, p } = useWords();
  const { claims, sources } = incident.properties;
  if (claims.length === 0) return null;
  const known = new Map(claims.map((claim) => [claim.id, claim]));
  const sourceOf = new Map(sources.map((source) => [source.id, source]));
  const revised = new Set(
    claims.flatMap(({ relations }) =>
      relations.filter(({ relation }) => relation === 'revises').map(({ claim }) => claim),
    ),
  );
  return (
    <section>
      <h2>{p.incident.claims}</h2>
      <p class="hint">{p.incident.claimsHint(claims.length, sources.length)}</p>
      {measureCodes
        .map((measure) => ({ measure, those: claims.filter((claim) => claim.measure === measure) }))
        .filter(({ those }) => those.length > 0)
        .map(({ measure, those }) => (
          <section key={measure}>
            <h3>{t.measures[measure]}</h3>
            <ol class="claims">
              {those.map((claim) => (
                <ClaimLine
                  key={claim.id}
                  claim={claim}
                  source={sourceOf.get(claim.source)}
                  known={known}
                  standing={revised.has(claim.id) ? 'revised' : 'standing'}
                />
              ))}
            </ol>
          </section>
        ))}
    </section>
  );
}

interface ClaimLineProps {
  readonly claim: Claim;
  readonly source: Source | undefined;
  readonly known: ReadonlyMap<string, Claim>;
  readonly standing: 'standing' | 'revised';
}

function ClaimLine({ claim, source, known, standing }: ClaimLineProps) {
  const { t } = useWords();
  const { measure, scope, responsibility } = claim;
  const remarks = [
    t.incident.scopes[scope.kind](scope.name),
    claim.remark,
    claim.status === null ? null : t.incident.statuses[claim.status],
    claim.cause === null ? null : t.incident.cause(causeInWords(t.incident.causes, claim.cause)),
    responsibility === null
      ? null
      : t.incident.stances[responsibility.stance](
          partyInWords(t, responsibility.party ?? 'unknown'),
        ),
    standing === 'revised' ? t.incident.revised : null,
  ].filter((remark) => remark !== null && remark !== '');
  const words = (each: Claim) => t.counted[each.measure](valueInWords(t, each.measure, each));
  return (
    <li id={claim.id} class={scope.kind === 'incident' ? standing : `elsewhere ${standing}`}>
      <p>
        {measure !== 'narrative' && (
          <>
            <b>{words(claim)}</b>{' '}
          </>
        )}
        {claim.text !== null && <span lang="en">{claim.text} </span>}
        {remarks.length > 0 && <span class="remarks">{remarks.join(' · ')}</span>}
        {claim.relations.map(({ relation, claim: id }) => {
          const other = known.get(id);
          const name = other === undefined || other.measure === 'narrative' ? id : words(other);
          return (
            <span class="remarks" key={`${relation} ${id}`}>
              {' · '}
              <a href={`#${encodeURIComponent(id)}`}>{t.incident.relations[relation](name)}</a>
            </span>
          );
        })}
      </p>
      <p class="who">
        <span lang="en">{claim.attributed_to}</span>, {reportedInWords(t, claim.reported_at)}
        {source !== undefined && (
          <>
            {' · '}
            <SourceLink source={source} />
          </>
        )}
      </p>
    </li>
  );
}

/** A cause from the closed part of its words, or as it was written. */
export function causeInWords(causes: Readonly<Record<string, string>>, cause: string): string {
  return causes[cause] ?? cause;
}

function Notes({ incident }: { incident: IncidentInFull }) {
  const { t } = useWords();
  const { notes } = incident.properties;
  if (notes.length === 0) return null;
  return (
    <section class="note">
      <h2>{t.incident.notes}</h2>
      <p class="hint">{t.incident.notesHint}</p>
      {notes.map(({ id, text }) => (
        <p key={id} lang="en">
          {text}
        </p>
      ))}
    </section>
  );
}

function Sources({ sources }: { sources: readonly Source[] }) {
  const { t, base } = useWords();
  if (sources.length === 0) return null;
  return (
    <section>
      <h2>{t.incident.sources}</h2>
      <ul class="plain">
        {sources.map((source) => (
          <li key={source.id}>
            <a href={urls.item(base, 'sources', source.id)} lang={source.language ?? undefined}>
              {source.title ?? publisherOf(source)}
            </a>
            <span class="aside">
              <SourceLink source={source} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Locations({ incident }: { incident: IncidentInFull }) {
  const { t, p } = useWords();
  const { locations } = incident.properties;
  if (locations.length === 0) return null;
  return (
    <section>
      <h2>{t.incident.locations}</h2>
      <ul class="plain">
        {locations.map(({ id, place, geo_precision: known, uncertainty_m: within, targets }) => (
          <li key={id}>
            {place}
            <span class="aside">
              {[
                t.precisions[known],
                within === null ? null : p.incident.within(distanceInWords(t, within)),
                ...targets.map((code: keyof typeof t.targets) => t.targets[code]),
              ]
                .filter((part) => part !== null)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Relations({ incident }: { incident: IncidentInFull }) {
  const { t, base } = useWords();
  const { relations } = incident.properties;
  if (relations.length === 0) return null;
  return (
    <section>
      <h2>{t.incident.related}</h2>
      <ul class="plain">
        {relations.map(({ relation, incident: other, title, note }) => (
          <li key={`${relation} ${other}`}>
            <a href={urls.item(base, 'incidents', other)} lang="en">
              {title}
            </a>
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
  );
}

function Identifiers({ incident }: { incident: IncidentInFull }) {
  const { t } = useWords();
  const { identifiers } = incident.properties;
  if (identifiers.length === 0) return null;
  return (
    <section>
      <h2>{t.incident.identifiers}</h2>
      <ul class="plain">
        {identifiers.map(({ scheme, identifier, url }) => (
          <li key={`${scheme} ${identifier}`}>
            {scheme}:{' '}
            {url === null ? identifier : <OutwardLink href={url}>{identifier}</OutwardLink>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a share preview and a search engine say: figures with who gave the latest, then the summary. */
export function describeIncident({ t, p }: Words, { properties }: Incident): string {
  const toll = (['killed', 'injured'] as const).flatMap((measure) => {
    const figure = properties.figures[measure];
    if (figure === undefined) return [];
    const words = t.counted[measure](figureInWords(t, measure, figure));
    return [
      figure.latest === null ? words : `${words} (${latestInWords(t, p, measure, figure.latest)})`,
    ];
  });
  return [...toll, properties.summary].join('. ');
}

/** The latest claim of a measure in words: its value, who made it, when. */
export function latestInWords(
  t: Words['t'],
  p: Words['p'],
  measure: Measure,
  latest: NonNullable<Figure['latest']>,
): string {
  const value = p.items.latest(valueInWords(t, measure, latest));
  return `${value}, ${latest.attributed_to}, ${reportedInWords(t, latest.reported_at)}`;
}
