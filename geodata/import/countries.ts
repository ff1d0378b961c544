import type { Row } from './csv.ts';

/** ISO 3166-1 alpha-2 codes by English name, from the runtime's own list. */
const byName = new Map<string, string>();
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
for (let code = 0; code < 26 * 26; code++) {
  const alpha2 = String.fromCharCode(65 + Math.floor(code / 26), 65 + (code % 26));
  const name = names.of(alpha2);
  // A code that was given up (SU) has the name of the one in its place (RU); ZZ is nowhere.
  const isInUse = new Intl.Locale(`und-${alpha2}`).region === alpha2 && alpha2 !== 'ZZ';
  if (name !== undefined && isInUse) byName.set(name.toLowerCase(), alpha2);
}
const codes = new Set(byName.values());

/** Names in UCDP's list of states (Gleditsch and Ward) and in ACLED that differ from ours. */
const otherNames: Readonly<Record<string, string>> = {
  'russia (soviet union)': 'RU',
  'russian federation': 'RU',
  'belarus (byelorussia)': 'BY',
  'republic of moldova': 'MD',
  türkiye: 'TR',
  'turkey (ottoman empire)': 'TR',
  'united states of america': 'US',
  'united kingdom': 'GB',
};

/** Numeric codes of the countries that the gazetteer covers (ISO 3166-1). */
const byNumber: Readonly<Record<string, string>> = {
  '804': 'UA',
  '643': 'RU',
  '112': 'BY',
  '498': 'MD',
};

/** The ISO 3166-1 alpha-2 code of a country given by name, alpha-2 or numeric code; `null`: unknown. */
export function countryOf(text: string): string | null {
  const given = text.trim();
  if (codes.has(given)) return given;
  const name = given.toLowerCase();
  return byNumber[given] ?? otherNames[name] ?? byName.get(name) ?? null;
}

/**
 * The country of a row: that of the first of these columns which names one. A name that nobody knows
 * is a doubt; where no column has another, the point tells, or the record is refused.
 */
export function countryIn(row: Row, columns: readonly string[]): string | null {
  const unknown: string[] = [];
  let found: { readonly country: string; readonly by: string } | undefined;
  for (const column of columns) {
    const text = row.text(column);
    if (text === '') continue;
    const country = countryOf(text);
    if (country !== null) {
      found = { country, by: column };
      break;
    }
    unknown.push(`${column}: '${text}' is no country that we know`);
  }
  const by = found?.by ?? 'the region that the point lies in';
  row.doubts.push(...unknown.map((fault) => `${fault}; taken from ${by}`));
  return found?.country ?? null;
}
