import { claimOf } from '../map/claims.ts';
import type { Region } from '../model.ts';
import { regionShown, type State } from '../state.ts';
import type { Texts } from '../text/index.ts';
import { countryInWords, edtfInWords, partyInWords, reportedInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { Detail } from './detail.tsx';
import { isMissing, ProblemNotice } from './notices.tsx';
import { OverTime } from './over-time.tsx';
import { SourceLink } from './source-link.tsx';

interface RegionPanelProps {
  readonly code: string;
  readonly state: State;
  readonly retry: () => void;
}

/** A region: its names and codes, claims to it, the answers to them, what is said of control. */
export function RegionPanel({ code, state, retry }: RegionPanelProps) {
  const { t, language } = useSurroundings();
  const region = regionShown(state);
  const name = (each: Region) =>
    language === 'uk'
      ? (each.properties.name_uk ?? each.properties.name_en)
      : each.properties.name_en;
  return (
    <Detail
      label={t.region.label}
      subject={code}
      title={region !== null ? name(region) : isMissing(state.region) ? t.states.noRegion : code}
    >
      {region !== null && <Facts region={region} state={state} />}
      {region === null && state.region.status === 'failed' && (
        <ProblemNotice problem={state.region.problem} subject="region" retry={retry} />
      )}
      {region === null && state.region.status === 'loading' && (
        <p class="waiting" role="status">
          {t.states.loading}
        </p>
      )}
    </Detail>
  );
}

function Facts({ region, state }: { region: Region; state: State }) {
  const { t, language, dispatch } = useSurroundings();
  const { properties } = region;
  const claim = claimOf(region);
  const otherName = language === 'uk' ? properties.name_en : properties.name_uk;
  return (
    <>
      <p class="summary">
        {t.region.of(countryInWords(t, properties.country))}
        {otherName !== null && (
          <>
            {' · '}
            <span lang={language === 'uk' ? 'en' : 'uk'}>{otherName}</span>
          </>
        )}
      </p>
      {claim !== null && (
        <section class="claim-box">
          <p class="claim-head">
            {claim.since === null
              ? t.region.claimUndated(countryInWords(t, claim.claimant))
              : t.region.claim(
                  countryInWords(t, claim.claimant),
                  edtfInWords(t, claim.since, 'long'),
                )}
          </p>
          {claim.instrument !== null && <p>{t.region.notRecognised(claim.instrument)}</p>}
          <p class="aside">{t.region.claimIsNotControl}</p>
        </section>
      )}
      <dl class="facts">
        {claim !== null && (
          <>
            <dt>{t.region.act}</dt>
            <dd>
              <span lang="en">{claim.act}</span>
              <Sources sources={claim.sources} />
            </dd>
          </>
        )}
        <dt>{t.region.codes}</dt>
        <dd>
          {t.region.iso} {properties.code}
          {properties.pcode !== null && `, ${t.region.pcode} ${properties.pcode}`}
        </dd>
      </dl>
      {properties.international_responses.length > 0 && (
        <section>
          <h3>{t.region.answers}</h3>
          <ul class="plain-list answers">
            {properties.international_responses.map((answer) => (
              <li key={`${answer.body} ${answer.instrument}`}>
                <p class="who" lang="en">
                  {answer.body}: {answer.instrument}
                  {answer.date !== null && (
                    <span class="aside" lang={language}>
                      {edtfInWords(t, answer.date, 'long')}
                    </span>
                  )}
                </p>
                {answer.votes !== null && <Votes t={t} votes={answer.votes} />}
                <p lang="en">{answer.summary}</p>
                <Sources sources={answer.sources} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {properties.control_reports.length > 0 && (
        <section>
          <h3>
            {t.region.control}
            <span class="aside">{t.region.controlHint}</span>
          </h3>
          <ul class="plain-list answers">
            {properties.control_reports.map((report) => (
              <li key={`${report.source.id} ${report.share_min} ${report.attributed_to}`}>
                <p>
                  <b>
                    {t.region.share(partyInWords(t, report.controller), shareInWords(t, report))}
                  </b>
                </p>
                <p class="who">
                  <span lang="en">{report.attributed_to}</span>,{' '}
                  {reportedInWords(t, report.reported_at)}
                </p>
                {report.note !== null && <p lang="en">{report.note}</p>}
                <SourceLink source={report.source} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <OverTime state={state} />
      {properties.note !== null && (
        <section class="notes">
          <h3>{t.region.note}</h3>
          <p lang="en">{properties.note.text}</p>
          <Sources sources={properties.note.sources} />
        </section>
      )}
      <p>
        <button
          type="button"
          class="action"
          onClick={() =>
            dispatch({ kind: 'filtered', filter: { ...state.filter, region: [properties.code] } })
          }
        >
          {t.region.filter}
        </button>
      </p>
      {region.geometry !== null && <p class="hint">{t.region.boundaries}</p>}
    </>
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

type Vote = NonNullable<Region['properties']['international_responses'][number]['votes']>;

/** The vote as a bar whose parts are also written out. */
function Votes({ t, votes }: { t: Texts; votes: Vote }) {
  const parts = (['in_favour', 'against', 'abstained', 'did_not_vote'] as const).flatMap((kind) => {
    const count = votes[kind];
    return count === null || count === 0 ? [] : [{ kind, count }];
  });
  return (
    <div class="votes">
      <div class="vote-bar" aria-hidden="true">
        {parts.map(({ kind, count }) => (
          <span key={kind} class={kind} style={{ flexGrow: count }} />
        ))}
      </div>
      <p>
        {parts.map(({ kind, count }) => `${t.number(count)} ${t.region.votes[kind]}`).join(' · ')}
      </p>
    </div>
  );
}

function Sources({ sources }: { sources: Report['source'][] | readonly Report['source'][] }) {
  return (
    <p class="carried">
      {sources.map((source, index) => (
        <span key={source.id}>
          {index > 0 && '; '}
          <SourceLink source={source} />
        </span>
      ))}
    </p>
  );
}
