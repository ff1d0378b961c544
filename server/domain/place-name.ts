/**
 * Pure: one spelling for all the ways in which a name of this part of the world is written, so that
 * Київ, Kyiv, Киев and Kiev, or Львів, Lviv, Львов and Lvov, are found by each other.
 */

/** Letters of Ukrainian, Russian and Belarusian, each as {@link nameKey} writes it. */
const cyrillic: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'h', ґ: 'h', д: 'd', ж: 'j', з: 'z', к: 'k', л: 'l', м: 'm' },
  ...{ н: 'n', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'q', ш: 'x' },
  ...{ щ: 'x', ў: 'v', ю: 'u', я: 'a', ь: '', ъ: '' },
  ...{ е: 'e', є: 'e', и: 'e', і: 'e', ї: 'e', й: 'e', о: 'e', ы: 'e', э: 'e', ё: 'e' },
};

/** What stands for one Cyrillic letter in Latin spellings: the Ukrainian of 2010 and older ones. */
const latin: Readonly<Record<string, string>> = {
  ...{ shch: 'x', sch: 'x', sh: 'x', ch: 'q', zgh: 'zh', zh: 'j', kh: 'h', gh: 'h', g: 'h' },
  ...{ ts: 'c', tz: 'c', w: 'v', x: 'ks', q: 'k', y: 'e', i: 'e', o: 'e' },
};

const cyrillicLetter = /[\u0400-\u04ff]/g;
const latinSpelling = new RegExp(Object.keys(latin).join('|'), 'g');

/**
 * The key of a name: lower-case Latin letters, digits and single spaces. What Ukrainian and Russian
 * forms of one name differ in falls together: i, y, e and o (Харків, Харьков); h, g and kh; doubled
 * letters, soft signs and apostrophes; the glide before a vowel (Vinnytsia, Vinnitsa); and, as it
 * names so many places, Mykola and Nikolai.
 */
export function nameKey(name: string): string {
  return (
    name
      .normalize('NFC')
      .toLowerCase()
      // Upper case, so that what is a letter's key already is not read as Latin spelling.
      .replace(cyrillicLetter, (letter) => (cyrillic[letter] ?? '').toUpperCase())
      .normalize('NFKD')
      .replace(/[\p{M}'’ʼ`´"]/gu, '')
      .replace(latinSpelling, (spelling) => latin[spelling] ?? '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .replace(/e+([au])/g, '$1')
      .replace(/([a-z])\1+/g, '$1')
      .replace(/\bmekela/g, 'nekela')
      .trim()
  );
}

/** How near a name is to the one asked for, by their keys: 4 the same, 0 at most alike. */
export function nearness(key: string, asked: string): number {
  if (key === asked) return 4;
  if (key.startsWith(asked)) return 3;
  if (key.includes(` ${asked}`)) return 2;
  return key.includes(asked) ? 1 : 0;
}
