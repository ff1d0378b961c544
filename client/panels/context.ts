import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Dispatch } from '../state.ts';
import { type Language, type Texts, textsOf } from '../text/index.ts';

export interface Surroundings {
  readonly t: Texts;
  readonly language: Language;
  readonly dispatch: Dispatch;
}

const context = createContext<Surroundings>({
  t: textsOf('en'),
  language: 'en',
  dispatch: () => {},
});

export const Surrounded = context.Provider;

/** The texts, the language and the way to change the state, for any panel. */
export function useSurroundings(): Surroundings {
  return useContext(context);
}
