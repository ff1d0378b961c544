import { countryInWords } from '../../client/words.ts';
import type { CollectionId } from '../domain/collections.ts';
import type { RegionName } from '../queries/region-names.ts';
import { useWords, type Words } from './words.ts';

/** Query parameters as they were given. */
export type Given = Readonly<Record<string, string | undefined>>;

/** Words by code. */
type Choices = Readonly<Record<string, string>>;

/** A field of the form: a closed list, perhaps in groups with a name each, or free text. */
interface Field {
  readonly name: string;
  readonly choices?: Choices;
  readonly groups?: Readonly<Record<string, Choices>>;
  readonly hint?: string;
}

const countries = ['UA', 'RU'] as const;

/** The main filters of each collection; any other that the address has stays as it is. */
const fields: Readonly<
  Record<CollectionId, (words: Words, regions: readonly RegionName[]) => readonly Field[]>
> = {
  incidents: ({ t, p, language }, regions) => [
    { name: 'datetime', hint: p.items.hints.datetime },
    { name: 'type', choices: t.types },
    { name: 'attacker', choices: t.attackers },
    { name: 'target', choices: t.targets },
    {
      name: 'region',
      choices: { unassigned: t.filter.unassigned },
      groups: regionsByCountry(t, language, regions),
    },
    { name: 'killed', hint: p.items.hints.count },
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
  places: ({ t, language }, regions) => [
    { name: 'country', choices: chosen(t.countries, countries) },
    { name: 'region', choices: {}, groups: regionsByCountry(t, language, regions) },
    { name: 'q' },
  ],
};

function regionsByCountry(
  t: Words['t'],
  language: Words['language'],
  regions: readonly RegionName[],
): Readonly<Record<string, Choices>> {
  const groups: Record<string, Record<string, string>> = {};
  for (const { code, country, en, uk } of regions) {
    const group = countryInWords(t, country);
    groups[group] = { ...groups[group], [code]: language === 'uk' ? (uk ?? en) : en };
  }
  return groups;
}

function chosen<Code extends string>(
  names: Readonly<Record<Code, string>>,
  codes: readonly Code[],
): Choices {
  return Object.fromEntries(codes.map((code) => [code, names[code]]));
}

function languagesIn(locale: string): Choices {
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  return Object.fromEntries(['en', 'uk', 'ru'].map((code) => [code, names.of(code) ?? code]));
}

interface FilterFormProps {
  readonly collection: CollectionId;
  readonly given: Given;
  /** Names of the regions to choose from. */
  readonly regions: readonly RegionName[];
}

/** A plain form that asks for the page again; fields left empty are dropped by the server. */
export function FilterForm({ collection, given, regions }: FilterFormProps) {
  const words = useWords();
  const { p } = words;
  const shown = fields[collection](words, regions);
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
        <label key={field.name} for={`filter-${field.name}`}>
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
  const { name, choices, groups = {}, hint } = field;
  if (choices === undefined) {
    return (
      <input
        id={`filter-${name}`}
        type="text"
        name={name}
        value={value}
        placeholder={hint}
        maxLength={200}
      />
    );
  }
  const all: Choices = Object.assign({}, choices, ...Object.values(groups));
  return (
    <select id={`filter-${name}`} name={name}>
      <option value="">{p.items.any}</option>
      {value !== '' && !Object.hasOwn(all, value) && (
        <option value={value} selected>
          {value
            .split(',')
            .map((code) => all[code] ?? code)
            .join(', ')}
        </option>
      )}
      <Options choices={choices} value={value} />
      {Object.entries(groups).map(([label, group]) => (
        <optgroup key={label} label={label}>
          <Options choices={group} value={value} />
        </optgroup>
      ))}
    </select>
  );
}

function Options({ choices, value }: { choices: Choices; value: string }) {
  return Object.entries(choices).map(([code, words]) => (
    <option key={code} value={code} selected={code === value}>
      {words}
    </option>
  ));
}

/** What a parameter is called on the page. */
export function fieldName({ p }: Words, name: string): string {
  const names: Readonly<Record<string, string>> = p.items.fields;
  return names[name] ?? name;
}
