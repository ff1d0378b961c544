import { type ThemeChoice, themeChoices } from '../state.ts';
import { languages } from '../text/index.ts';
import { useSurroundings } from './context.ts';
import { Icon } from './icons.tsx';

/** The name of the atlas, and the choices of language and appearance. */
export function Masthead({ theme }: { theme: ThemeChoice }) {
  const { t, language, dispatch } = useSurroundings();
  const next = themeChoices[(themeChoices.indexOf(theme) + 1) % themeChoices.length] ?? 'system';
  return (
    <header class="masthead">
      <div>
        <h1>{t.app.name}</h1>
        <p>{t.app.tagline}</p>
      </div>
      <div class="choices">
        <fieldset class="languages">
          <legend class="unseen">{t.app.language}</legend>
          {languages.map((code) => (
            <button
              key={code}
              type="button"
              lang={code}
              aria-pressed={code === language}
              onClick={() => dispatch({ kind: 'language', language: code })}
            >
              {t.app.languageNames[code]}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          class="plain"
          title={`${t.app.theme}: ${t.app.themes[theme]}`}
          aria-label={`${t.app.theme}: ${t.app.themes[theme]}`}
          onClick={() => dispatch({ kind: 'theme', theme: next })}
        >
          <Icon name={theme} />
        </button>
      </div>
    </header>
  );
}
