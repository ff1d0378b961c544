import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { tollRange, tollRanges } from '../../server/domain/facets.ts';
import { type Filter, parameterText, withParameter } from '../../server/domain/filter.ts';
import {
  attackers,
  geoPrecisions,
  incidentTypeCodes,
  targetTypes,
} from '../../server/domain/vocabulary.ts';
import type { Facets, FacetValue } from '../model.ts';
import { type Day, dayOf, filteredDays, isoDay, withDays } from '../time.ts';
import { filterValueInWords, type Names, rangeInWords } from '../words.ts';
import { useSurroundings } from './context.ts';
import { TypeSymbol } from './icons.tsx';

interface FiltersProps {
  readonly filter: Filter;
  /** Null until the first answer. */
  readonly facets: Facets | null;
  readonly names: Names;
}

/** The parameters of which one or several codes can be chosen. */
type ListName = 'type' | 'attacker' | 'target' | 'country' | 'region' | 'geo_precision' | 'source';
type TollName = 'killed' | 'injured';

const folded = [
  'attacker',
  'target',
  'country',
  'region',
  'killed',
  'injured',
  'geo_precision',
  'source',
] as const;

/** Words, dates and types, and behind a fold all else, each value with what it would leave. */
export function Filters({ filter, facets, names }: FiltersProps) {
  const { t, dispatch } = useSurroundings();
  const apply = (next: Filter) => dispatch({ kind: 'filtered', filter: next });
  const chosen = folded.filter((name) => filter[name] !== undefined);
  const list = { filter, facets, names, apply };
  return (
    <section class="filters" aria-label={t.filter.label}>
      <Words filter={filter} apply={apply} />
      <Dates filter={filter} apply={apply} />
      <fieldset class="types">
        <legend>{t.filter.types}</legend>
        {incidentTypeCodes.map((type) => (
          <button
            key={type}
            type="button"
            class="toggle"
            aria-pressed={filter.type?.includes(type) ?? false}
            onClick={() =>
              apply(withParameter(filter, 'type', toggled(filter.type ?? [], type).join(',')))
            }
          >
            <TypeSymbol type={type} />
            <span>{t.types[type]}</span>
            <Count facet={facets?.facets.type} value={type} />
          </button>
        ))}
      </fieldset>
      <Fold chosen={chosen.length}>
        <CodeList {...list} name="attacker" codes={attackers} />
        <CodeList {...list} name="target" codes={targetTypes} />
        <CodeList
          {...list}
          name="country"
          codes={codesIn(facets?.facets.country, filter.country)}
        />
        <CodeList {...list} name="region" codes={codesIn(facets?.facets.region, filter.region)} />
        <Toll {...list} name="killed" />
        <Toll {...list} name="injured" />
        <CodeList {...list} name="geo_precision" codes={geoPrecisions} />
        <CodeList {...list} name="source" codes={codesIn(facets?.facets.source, filter.source)} />
      </Fold>
    </section>
  );
}

type Apply = (filter: Filter) => void;

/** Open where something in it is chosen, unless the reader says otherwise. */
function Fold({ chosen, children }: { chosen: number; children: ComponentChildren }) {
  const { t } = useSurroundings();
  const [wanted, setWanted] = useState(chosen > 0);
  return (
    <div class="fold-filters">
      <button
        type="button"
        class="disclose"
        aria-expanded={wanted}
        onClick={() => setWanted(!wanted)}
      >
        {t.filter.more}
        {chosen > 0 && <span class="badge">{t.filter.chosen(chosen)}</span>}
      </button>
      {wanted && <div class="facets">{children}</div>}
    </div>
  );
}

/** How long after the last keystroke the words are searched for, ms. */
const typingPause = 350;

function Words({ filter, apply }: { filter: Filter; apply: Apply }) {
  const { t } = useSurroundings();
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const set = (words: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    const { q: _, ...others } = filter;
    const trimmed = words.trim();
    if (trimmed !== (filter.q ?? '')) apply(trimmed === '' ? others : { ...others, q: trimmed });
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label class="search">
      <span class="unseen">{t.filter.words}</span>
      <input
        type="search"
        placeholder={t.filter.wordsHint}
        value={draft ?? filter.q ?? ''}
        onInput={({ currentTarget: { value } }) => {
          setDraft(value);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => set(value), typingPause);
        }}
        onChange={({ currentTarget: { value } }) => set(value)}
      />
    </label>
  );
}

function Dates({ filter, apply }: { filter: Filter; apply: Apply }) {
  const { t } = useSurroundings();
  const { first, last } = filteredDays(filter);
  const input = (label: string, day: Day | null, choose: (day: Day | null) => void) => (
    <label>
      <span>{label}</span>
      <input
        type="date"
        value={day === null ? '' : isoDay(day)}
        onChange={({ currentTarget: { value } }) => choose(value === '' ? null : dayOf(value))}
      />
    </label>
  );
  return (
    <fieldset class="dates">
      <legend>{t.filter.dates}</legend>
      {input(t.filter.from, first, (day) => apply(withDays(filter, day, last)))}
      {input(t.filter.to, last, (day) => apply(withDays(filter, first, day)))}
    </fieldset>
  );
}

/** How many incidents a value would leave: a figure to see, a phrase to hear. */
function Count({ facet, value }: { facet: readonly FacetValue[] | undefined; value: string }) {
  const { t } = useSurroundings();
  if (facet === undefined) return null;
  const incidents = facet.find((each) => each.value === value)?.incidents ?? 0;
  return (
    <>
      <span class={incidents === 0 ? 'count none' : 'count'} aria-hidden="true">
        {t.number(incidents)}
      </span>
      <span class="unseen">, {t.list.count(incidents)}</span>
    </>
  );
}

interface FacetProps {
  readonly filter: Filter;
  readonly facets: Facets | null;
  readonly names: Names;
  readonly apply: Apply;
}

/** One parameter's values behind its name, which says what of them is chosen. */
function Facet({
  name,
  filter,
  names,
  children,
}: Pick<FacetProps, 'filter' | 'names'> & {
  readonly name: ListName | TollName;
  readonly children: ComponentChildren;
}) {
  const { t } = useSurroundings();
  const isChosen = filter[name] !== undefined;
  return (
    <details class="facet" open={isChosen || undefined} data-facet={name}>
      <summary>
        <span>{t.filter.names[name]}</span>
        {isChosen && <span class="chosen">{filterValueInWords(t, filter, name, names)}</span>}
      </summary>
      {children}
    </details>
  );
}

/** More values than this can be searched. */
const manyValues = 10;

interface CodeListProps extends FacetProps {
  readonly name: ListName;
  readonly codes: readonly string[];
}

function CodeList({ name, codes, filter, facets, names, apply }: CodeListProps) {
  const { t } = useSurroundings();
  const [wanted, setWanted] = useState('');
  const chosen: readonly string[] = filter[name] ?? [];
  const facet = facets?.facets[name];
  const find = t.filter.find(t.filter.names[name]);
  const shown = codes
    .map((code) => ({
      code,
      words: filterValueInWords(t, withParameter({}, name, code), name, names),
    }))
    .filter(({ code, words }) => chosen.includes(code) || includes(words, wanted));
  return (
    <Facet name={name} filter={filter} names={names}>
      {codes.length > manyValues && (
        <input
          type="search"
          class="find"
          aria-label={find}
          placeholder={find}
          value={wanted}
          onInput={({ currentTarget: { value } }) => setWanted(value)}
        />
      )}
      <ul class="options">
        {shown.map(({ code, words }) => (
          <li key={code}>
            <label class="option">
              <input
                type="checkbox"
                checked={chosen.includes(code)}
                onChange={() => apply(withParameter(filter, name, toggled(chosen, code).join(',')))}
              />
              <span class="words">{words}</span>
              <Count facet={facet} value={code} />
            </label>
          </li>
        ))}
        {shown.length === 0 && <li class="hint">{t.filter.nothingFound}</li>}
      </ul>
    </Facet>
  );
}

function Toll({ name, filter, facets, names, apply }: FacetProps & { readonly name: TollName }) {
  const { t } = useSurroundings();
  const facet = facets?.facets[name];
  const chosen = parameterText(filter, name);
  const { from = null, to = null } = filter[name] ?? {};
  const enter = (from: string, to: string) =>
    apply(withParameter(filter, name, rangeText(from, to)));
  return (
    <Facet name={name} filter={filter} names={names}>
      <div class="steps">
        {tollRanges.map((range) => (
          <button
            key={range}
            type="button"
            class="step"
            aria-pressed={range === chosen}
            onClick={() => apply(withParameter(filter, name, range === chosen ? '' : range))}
          >
            {rangeInWords(t, tollRange(range))}
            <Count facet={facet} value={range} />
          </button>
        ))}
      </div>
      <div class="ends">
        <TollEnd label={t.filter.least} value={from} enter={(end) => enter(end, `${to ?? ''}`)} />
        <TollEnd label={t.filter.most} value={to} enter={(end) => enter(`${from ?? ''}`, end)} />
      </div>
      <p class="hint">{t.filter.tollHint}</p>
    </Facet>
  );
}

interface TollEndProps {
  readonly label: string;
  readonly value: number | null;
  readonly enter: (end: string) => void;
}

/** What is being typed stays, whatever is drawn meanwhile, until it is entered or left. */
function TollEnd({ label, value, enter }: TollEndProps) {
  const [typed, setTyped] = useState<string>();
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        min="0"
        max="999999999"
        inputMode="numeric"
        value={typed ?? value ?? ''}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => {
          if (!currentTarget.validity.valid) return;
          setTyped(undefined);
          enter(currentTarget.value);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </label>
  );
}

/** A range as the filter writes it; ends in the wrong order change places. */
function rangeText(from: string, to: string): string {
  if (from === '' && to === '') return '';
  return from !== '' && to !== '' && Number(from) > Number(to)
    ? `${to}..${from}`
    : `${from}..${to}`;
}

function toggled(codes: readonly string[], code: string): readonly string[] {
  return codes.includes(code) ? codes.filter((each) => each !== code) : [...codes, code];
}

/** Values that there are, and those that are chosen though there are none. */
function codesIn(
  facet: readonly FacetValue[] | undefined,
  chosen: readonly string[] | undefined,
): readonly string[] {
  return [...new Set([...(facet ?? []).map(({ value }) => value), ...(chosen ?? [])])];
}

function includes(words: string, wanted: string): boolean {
  return words.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase());
}
