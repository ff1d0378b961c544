import type { CollectionId } from '../domain/collections.ts';
import { codesOf, geoPrecisions } from '../domain/vocabulary.ts';
import { useWords, type Words } from './words.ts';

/** Query parameters as they were given. */
export type Given = Readonly<Record<string, string | undefined>>;

/** A field of the form: a closed list of codes with their words, or free text. */
interface Field {
  readonly name: string;
  readonly choices?: Readonly<Record<string, string>>;
  readonly hint?: string;
}

const countries = ['UA', 'RU'] as const;

/** The main filters of each collection; any other that the address has stays as it is. */
const fields: Readonly<Record<CollectionId, (words: Words) => readonly Field[]>> = {
  incidents: ({ t, p }) => [
    { name: 'datetime', hint: p.items.hints.datetime },
    { name: 'type', choices: t.types },
    { name: 'attacker', choices: t.attackers },
    { name: 'target', choices: t.targets },
    { name: 'geo_precision', choices: chosen(t.precisions, geoPrecisions) },
    { name: 'killed', hint: p.items.hints.count },
    { name: 'injured', hint: p.items.hints.count },
    { name: 'q' },
  ],
  regions: ({ t }) => [
    { name: 'country', choices: t.countries },
    { name: 'claimant', choices: chosen(t.countries, ['RU']) },
    { name: 'q' },
  ],
  claims: ({ t, p }) => [
    { name: 'datetime', hint: p.items.hints.datetime },
    { name: 'measure', choices: t.measures },
    { name: 'q' },
  ],
  sources: ({ t, p }) => [
    { name: 'datetime', hint: p.items.hints.datetime },
    { name: 'language', choices: languagesIn(t.locale) },
    { name: 'kind', choices: p.source.kinds },
    { name: 'q' },
  ],
  places: ({ t }) => [
    { name: 'country', choices: chosen(t.countries, countries) },
    { name: 'region', hint: 'UA-63' },
    { name: 'q' },
  ],
};

function chosen<Code extends string>(
  names: Readonly<Record<Code, string>>,
  codes: readonly Code[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(codes.map((code) => [code, names[code]]));
}

function languagesIn(locale: string): Readonly<Record<string, string>> {
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  return Object.fromEntries(['en', 'uk', 'ru'].map((code) => [code, names.of(code) ?? code]));
}

/** A plain form that asks for the page again; fields left empty are dropped by the server. */
export function FilterForm({ collection, given }: { collection: CollectionId; given: Given }) {
  const words = useWords();
  const { p } = words;
  const shown = fields[collection](words);
  const kept = Object.entries(given).filter(
    ([name, value]) =>
      name !== 'cursor' && value !== undefined && !shown.some((field) => field.name === name),
  );
  return (
    <form class="filter" method="get" aria-label={p.items.filter}>
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {shown.map((field) => (
        <label key={field.name}>
          <span>{fieldName(words, field.name)}</span>
          <Control field={field} value={given[field.name] ?? ''} />
        </label>
      ))}
      <button type="submit">{p.items.apply}</button>
    </form>
  );
}

function Control({ field, value }: { field: Field; value: string }) {
  const { p } = useWords();
  const { name, choices, hint } = field;
  if (choices === undefined) {
    return <input type="text" name={name} value={value} placeholder={hint} maxLength={200} />;
  }
  const known = codesOf(choices);
  return (
    <select name={name}>
      <option value="">{p.items.any}</option>
      {value !== '' && !known.includes(value) && (
        <option value={value} selected>
          {value}
        </option>
      )}
      {known.map((code) => (
        <option key={code} value={code} selected={code === value}>
          {choices[code]}
        </option>
      ))}
    </select>
  );
}

/** What a parameter is called on the page. */
export function fieldName({ p }: Words, name: string): string {
  const names: Readonly<Record<string, string>> = p.items.fields;
  return names[name] ?? name;
}
