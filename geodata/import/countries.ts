/** ISO 3166-1 alpha-2 codes by English name, from the runtime's own list. */
const byName = new Map<string, string>();
const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
for (let code = 0; code < 26 * 26; code++) {
  const alpha2 = String.fromCharCode(65 + Math.floor(code / 26), 65 + (code % 26));
  const name = names.of(alpha2);
  if (name !== undefined) byName.set(name.toLowerCase(), alpha2);
}

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
  if (/^[A-Z]{2}$/.test(given)) return given;
  const name = given.toLowerCase();
  return byNumber[given] ?? otherNames[name] ?? byName.get(name) ?? null;
}
