import type { Region } from '../../client/model.ts';
import type { Texts } from '../../client/text/index.ts';
import { countryInWords, edtfInWords, partyInWords, reportedInWords } from '../../client/words.ts';
import { urls } from '../routes/links.ts';
import type { MapArea } from './map/map.tsx';
import type { Step } from './page.tsx';
import { Picture, SourceLink, SourceLinks } from './parts.tsx';
import { useWords, type Words } from './words.ts';

type TerritorialClaim = Region['properties']['territorial_claims'][number];

/** A region's name in the page's language. */
export function regionName({ language }: Words, { properties }: Region): string {
  return language === 'uk' ? (properties.name_uk ?? properties.name_en) : properties.name_en;
}

/** Territorial claims by states other than the one that the region is recognised as part of. */
export function claimsOfOthers({ properties }: Region): readonly TerritorialClaim[] {
  return properties.territorial_claims.filter(({ claimant }) => claimant !== properties.country);
}

/** A region's outline, hatched where another state claims it. */
export function outlineOf(words: Words, region: Region): MapArea[] {
  const { geometry } = region;
  if (geometry === null) return [];
  const claimed = claimsOfOthers(region).length > 0;
  return [
    {
      geometry,
      kind: claimed ? 'claimed' : 'region',
      title: regionName(words, region),
      href: urls.item(words.base, 'regions', region.id),
    },
  ];
}

const withoutLink = ({ href: _, ...area }: MapArea): MapArea => area;

/** A region: its names and codes, who claims it, what was answered, what is said of control. */
export function RegionArticle({ region, twin }: { region: Region; twin: Step }) {
  const words = useWords();
  const { t, p, language, base } = words;
  const { properties } = region;
  const otherName = language === 'uk' ? properties.name_en : properties.name_uk;
  const name = regionName(words, region);
  return (
    <article class="record">
      <header>
        <p class="kicker">{t.region.of(countryInWords(t, properties.country))}</p>
        <h1>{name}</h1>
        {otherName !== null && (
          <p class="lead" lang={language === 'uk' ? 'en' : 'uk'}>
            {otherName}
          </p>
        )}
      </header>
      <div class="beside">
        <Picture
          label={p.incident.mapOf(name)}
          content={{ points: [], areas: outlineOf(words, region).map(withoutLink) }}
          shape="narrow"
        />
        <dl class="facts">
          <dt>{p.region.recognised}</dt>
          <dd>
            {countryInWords(t, properties.country)}
            {properties.territorial_claims
              .filter(({ claimant }) => claimant === properties.country)
              .map(({ id, act, sources }) => (
                <span class="aside" key={id}>
                  <span lang="en">{act}</span>
                  <SourceLinks sources={sources} />
                </span>
              ))}
          </dd>
          <dt>{t.region.codes}</dt>
          <dd>
            {t.region.iso} {properties.code}
            {properties.pcode !== null && `, ${t.region.pcode} ${properties.pcode}`}
          </dd>
          <dt>{p.region.kind}</dt>
          <dd>{properties.kind?.replaceAll('_', ' ') ?? p.notGiven}</dd>
          <dt>{p.region.boundary}</dt>
          <dd>{properties.boundary_set ?? p.region.noBoundary}</dd>
          <dt>{p.links}</dt>
          <dd>
            <ul class="loose">
              <li>
                <a href={twin.href}>{twin.title}</a>
              </li>
              <li>
                <a href={urls.items(base, 'incidents', [['region', properties.code]])}>
                  {p.region.incidents}
                </a>
              </li>
              <li>
                <a href={urls.items(base, 'places', [['region', properties.code]])}>
                  {p.region.places}
                </a>
              </li>
            </ul>
          </dd>
        </dl>
      </div>
      <div>
        {claimsOfOthers(region).map((claim) => (
          <section class="claim-box" key={claim.id}>
            <p>
              <b>
                {claim.since === null
                  ? t.region.claimUndated(countryInWords(t, claim.claimant))
                  : t.region.claim(
                      countryInWords(t, claim.claimant),
                      edtfInWords(t, claim.since, 'long'),
                    )}
              </b>
            </p>
            <p lang="en">{claim.act}</p>
            <p class="hint">{t.region.claimIsNotControl}</p>
            <SourceLinks sources={claim.sources} />
          </section>
        ))}
        <Answers region={region} />
        <Control region={region} />
        {properties.note !== null && (
          <section class="note">
            <h2>{t.region.note}</h2>
            <p lang="en">{properties.note.text}</p>
            <SourceLinks sources={properties.note.sources} />
          </section>
        )}
      </div>
    </article>
  );
}

function Answers({ region }: { region: Region }) {
  const { t, language } = useWords();
  const { international_responses: answers } = region.properties;
  if (answers.length === 0) return null;
  return (
    <section>
      <h2>{t.region.answers}</h2>
      <ul class="plain">
        {answers.map((answer) => (
          <li key={`${answer.body} ${answer.instrument}`}>
            <p lang="en">
              <b>
                {answer.body}: {answer.instrument}
              </b>
              {answer.date !== null && (
                <span class="aside" lang={language}>
                  {edtfInWords(t, answer.date, 'long')}
                </span>
              )}
            </p>
            {answer.votes !== null && <Votes votes={answer.votes} />}
            <p lang="en">{answer.summary}</p>
            <SourceLinks sources={answer.sources} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type Vote = NonNullable<Region['properties']['international_responses'][number]['votes']>;

/** The vote as a bar whose parts are also written out. */
function Votes({ votes }: { votes: Vote }) {
  const { t } = useWords();
  const kinds = ['in_favour', 'against', 'abstained', 'did_not_vote'] as const;
  const parts = kinds
    .map((kind, index) => ({
      kind,
      count: votes[kind] ?? 0,
      before: kinds.slice(0, index).reduce((sum, each) => sum + (votes[each] ?? 0), 0),
    }))
    .filter(({ count }) => count > 0);
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <svg class="votes" viewBox={`0 0 ${all} 1`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ kind, count, before }) => (
          <rect key={kind} class={kind} x={before} width={count} height="1" />
        ))}
      </svg>
      <p class="hint">
        {parts.map(({ kind, count }) => `${t.number(count)} ${t.region.votes[kind]}`).join(' · ')}
      </p>
    </>
  );
}

function Control({ region }: { region: Region }) {
  const { t } = useWords();
  const { control_reports: reports } = region.properties;
  if (reports.length === 0) return null;
  return (
    <section>
      <h2>{t.region.control}</h2>
      <p class="hint">{t.region.controlHint}</p>
      <ul class="plain">
        {reports.map((report) => (
          <li key={`${report.source.id} ${report.share_min} ${report.attributed_to}`}>
            <p>
              <b>{t.region.share(partyInWords(t, report.controller), shareInWords(t, report))}</b>
            </p>
            <p class="hint">
              <span lang="en">{report.attributed_to}</span>,{' '}
              {reportedInWords(t, report.reported_at)}
              {' · '}
              <SourceLink source={report.source} />
            </p>
            {report.note !== null && <p lang="en">{report.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

type Report = Region['properties']['control_reports'][number];

function shareInWords(t: Texts, { share_min, share_max, qualifier }: Report): string {
  const low = share_min ?? share_max;
  const high = share_max ?? share_min;
  if (low === null || high === null) return t.values.none;
  const share = t.values.percent(
    low === high ? t.number(low) : t.values.range(t.number(low), t.number(high)),
  );
  const words: Readonly<Record<string, string>> = t.region.shareQualifiers;
  const word = qualifier === null ? undefined : words[qualifier];
  return word === undefined ? share : `${word} ${share}`;
}
