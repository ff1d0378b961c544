import { en, type Texts } from './en.ts';
import { uk } from './uk.ts';

export type { Texts };

export const languages = ['en', 'uk'] as const;
export type Language = (typeof languages)[number];

/** Which way each language is written; all that another direction needs beside its texts. */
export const directions: Readonly<Record<Language, 'ltr' | 'rtl'>> = { en: 'ltr', uk: 'ltr' };

const tables: Readonly<Record<Language, Texts>> = { en, uk };

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return tables[language];
}

/** The first of the reader's preferred languages (BCP 47 tags) that there are texts in; else English. */
export function preferredLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = languages.find((code) => tag.toLowerCase().split('-')[0] === code);
    if (found !== undefined) return found;
  }
  return 'en';
}
