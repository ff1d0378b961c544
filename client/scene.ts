import type { Scene } from './map/map.ts';
import { themes } from './map/theme.ts';
import type { State } from './state.ts';
import { preferredLanguage, textsOf } from './text/index.ts';

/** What the reader's choices come to on this device, where the system is dark or light. */
export function sceneOf(state: State, systemIsDark: boolean): Scene {
  const language = state.language ?? preferredLanguage(navigator.languages);
  const dark = state.theme === 'system' ? systemIsDark : state.theme === 'dark';
  return { state, language, texts: textsOf(language), theme: themes[dark ? 'dark' : 'light'] };
}
