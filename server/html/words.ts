import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Language, type Texts, textsOf } from '../../client/text/index.ts';
import { en, type PageTexts } from './text/en.ts';
import { uk } from './text/uk.ts';

/** What every part of a page needs: the language, its texts, and where the service is. */
export interface Words {
  readonly language: Language;
  /** What incidents, regions and figures are called: the same table as the map's. */
  readonly t: Texts;
  /** What only the pages say. */
  readonly p: PageTexts;
  /** Start of every address of the service, without a slash at the end. */
  readonly base: string;
}

const pageTexts: Readonly<Record<Language, PageTexts>> = { en, uk };

/** The words of a language for a page under `base`. */
export function wordsOf(language: Language, base: string): Words {
  return { language, t: textsOf(language), p: pageTexts[language], base };
}

const context = createContext<Words>(wordsOf('en', ''));

export const Worded = context.Provider;

/** The words that the page is written in. */
export function useWords(): Words {
  return useContext(context);
}
