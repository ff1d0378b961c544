/** Single claims, sources and places. */

import {
  countryInWords,
  edtfInWords,
  languageInWords,
  partyInWords,
  reportedInWords,
  valueInWords,
} from '../../client/words.ts';
import { urls } from '../routes/links.ts';
import { causeInWords } from './incident.tsx';
import type { MapPoint } from './map/map.tsx';
import type { ClaimFeature, PlaceFeature, SourceFeature } from './model.ts';
import { OutwardLink, Picture, publisherOf } from './parts.tsx';
import { useWords, type Words } from './words.ts';

/** What a claim says, in a line. */
export function claimTitle({ t }: Words, { properties }: ClaimFeature): string {
  const { measure } = properties;
  return measure === 'narrative'
    ? (properties.text ?? t.measures.narrative)
    : t.counted[measure](valueInWords(t, measure, properties));
}

/** Where the incident of a claim is; no pin where only an area is known. */
export function claimPoint(words: Words, claim: ClaimFeature): MapPoint[] {
  const { geometry, properties } = claim;
  if (geometry === null) return [];
  return [
    {
      position: [...geometry.coordinates],
      radius: properties.uncertainty_m,
      sign: properties.area_only ? 'none' : 'place',
      title: claimTitle(words, claim),
    },
  ];
}

export function ClaimArticle({ claim }: { claim: ClaimFeature }) {
  const words = useWords();
  const { t, p, base } = words;
  const { properties } = claim;
  const scope = t.incident.scopes[properties.scope](properties.scope_name);
  return (
    <article class="record">
      <header>
        <p class="kicker">{t.measures[properties.measure]}</p>
        <h1>{claimTitle(words, claim)}</h1>
        {properties.measure !== 'narrative' && properties.text !== null && (
          <p class="lead" lang="en">
            {properties.text}
          </p>
        )}
      </header>
      <div class="beside">
        <Picture
          label={p.incident.mapOf(properties.incident)}
          content={{ areas: [], points: claimPoint(words, claim) }}
          shape="narrow"
        />
      </div>
      <dl class="facts">
        <dt>{p.items.columns.who}</dt>
        <dd lang="en">{properties.attributed_to}</dd>
        <dt>{p.claim.reported}</dt>
        <dd>{reportedInWords(t, properties.reported_at)}</dd>
        <dt>{p.items.columns.source}</dt>
        <dd>
          <OutwardLink href={properties.source_url}>
            {publisherOf({ publisher: properties.source_publisher, url: properties.source_url })}
          </OutwardLink>{' '}
          <span class="hint">
            · <a href={urls.item(base, 'sources', properties.source)}>{properties.source}</a>
          </span>
        </dd>
        <dt>{p.claim.incident}</dt>
        <dd>
          <a href={urls.item(base, 'incidents', properties.incident)}>{properties.incident}</a>
        </dd>
        <dt>{p.claim.scope}</dt>
        <dd>{scope === '' ? p.claim.wholeIncident : scope}</dd>
        {properties.status !== null && (
          <>
            <dt>{p.claim.status}</dt>
            <dd>{t.incident.statuses[properties.status]}</dd>
          </>
        )}
        {properties.remark !== null && (
          <>
            <dt>{p.claim.remark}</dt>
            <dd lang="en">{properties.remark}</dd>
          </>
        )}
        {properties.stance !== null && (
          <>
            <dt>{p.claim.responsibility}</dt>
            <dd>
              {t.incident.stances[properties.stance](
                partyInWords(t, properties.party ?? 'unknown'),
              )}
            </dd>
          </>
        )}
        {properties.cause !== null && (
          <>
            <dt>{p.claim.cause}</dt>
            <dd>{causeInWords(t.incident.causes, properties.cause)}</dd>
          </>
        )}
      </dl>
    </article>
  );
}

/** A source's title, or its publisher where the title is not certain. */
export function sourceTitle({ properties }: SourceFeature): string {
  return properties.title ?? publisherOf(properties);
}

export function SourceArticle({ source }: { source: SourceFeature }) {
  const { t, p, base } = useWords();
  const { properties } = source;
  return (
    <article>
      <p class="kicker">{p.items.columns.source}</p>
      <h1 lang={properties.language ?? undefined}>{sourceTitle(source)}</h1>
      <dl class="facts">
        <dt>{p.items.columns.publisher}</dt>
        <dd>{properties.publisher ?? p.notGiven}</dd>
        <dt>{p.source.address}</dt>
        <dd>
          <OutwardLink href={properties.url}>{properties.url}</OutwardLink>
        </dd>
        <dt>{p.items.columns.published}</dt>
        <dd>
          {properties.published_at === null
            ? p.notGiven
            : edtfInWords(t, properties.published_at, 'long')}
        </dd>
        <dt>{p.items.columns.language}</dt>
        <dd>
          {properties.language === null ? p.notGiven : languageInWords(t, properties.language)}
        </dd>
        <dt>{p.source.kind}</dt>
        <dd>{properties.kind === null ? p.notGiven : p.source.kinds[properties.kind]}</dd>
        {properties.carries !== null && (
          <>
            <dt>{p.source.carries}</dt>
            <dd>{properties.carries}</dd>
          </>
        )}
        {properties.reliability !== null && (
          <>
            <dt>{p.source.reliability}</dt>
            <dd>{properties.reliability}</dd>
          </>
        )}
      </dl>
      <ul class="pages">
        <li>
          <a href={urls.items(base, 'claims', [['source', source.id]])}>{p.source.claims}</a>
        </li>
        <li>
          <a href={urls.items(base, 'incidents', [['source', source.id]])}>{p.source.incidents}</a>
        </li>
      </ul>
    </article>
  );
}

/** The name of a place in the reader's language, as far as it is known. */
export function placeName({ language }: Words, { properties }: PlaceFeature): string {
  return (language === 'uk' ? properties.name_uk : null) ?? properties.name;
}

/** The region of a place, or its country. */
export function regionOfPlace({ t, language }: Words, { properties }: PlaceFeature): string {
  const { region_name: name, country } = properties;
  return name?.[language] ?? name?.en ?? countryInWords(t, country);
}

export function PlaceArticle({ place }: { place: PlaceFeature }) {
  const words = useWords();
  const { t, p, base } = words;
  const { properties, geometry } = place;
  const region = regionOfPlace(words, place);
  const name = placeName(words, place);
  return (
    <article class="record">
      <header>
        <p class="kicker">{p.items.columns.place}</p>
        <h1>{name}</h1>
      </header>
      <div class="beside">
        <Picture
          label={p.incident.mapOf(name)}
          content={{
            areas: [],
            points:
              geometry === null
                ? []
                : [
                    {
                      position: [...geometry.coordinates],
                      radius: 0,
                      sign: 'place',
                      title: name,
                    },
                  ],
          }}
          shape="narrow"
        />
      </div>
      <dl class="facts">
        <dt>{p.items.columns.region}</dt>
        <dd>
          {properties.region === null ? (
            region
          ) : (
            <a href={urls.item(base, 'regions', properties.region)}>{region}</a>
          )}
          , {countryInWords(t, properties.country)}
        </dd>
        <dt>{p.items.columns.population}</dt>
        <dd>{properties.population === null ? p.notGiven : t.number(properties.population)}</dd>
        <dt>{p.place.geonames}</dt>
        <dd>{properties.geonames_id ?? p.notGiven}</dd>
        <dt>{p.place.coordinates}</dt>
        <dd>{geometry === null ? p.notGiven : geometry.coordinates.join(', ')}</dd>
        {properties.region !== null && (
          <>
            <dt>{p.items.columns.incident}</dt>
            <dd>
              <a href={urls.items(base, 'incidents', [['region', properties.region]])}>
                {p.place.around}
              </a>
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}
