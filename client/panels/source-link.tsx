import type { Source } from '../model.ts';
import { edtfInWords, languageInWords } from '../words.ts';
import { useSurroundings } from './context.ts';

/** A source by its publisher, linked; with date, language and kind. */
export function SourceLink({ source }: { source: Source | undefined }) {
  const { t } = useSurroundings();
  if (source === undefined) return null;
  const name = source.publisher ?? hostOf(source.url);
  const facts = [
    source.published_at === null ? null : edtfInWords(t, source.published_at, 'short'),
    source.language === null ? null : languageInWords(t, source.language),
    source.kind === null ? null : t.incident.kinds[source.kind] || null,
  ].filter((fact) => fact !== null);
  return (
    <span class="source">
      {isWebAddress(source.url) ? (
        <a
          href={source.url}
          rel="noopener noreferrer external"
          target="_blank"
          title={source.title ?? ''}
        >
          {name}
        </a>
      ) : (
        name
      )}
      {facts.length > 0 && <span class="source-facts"> · {facts.join(' · ')}</span>}
    </span>
  );
}

/** Only web addresses become links; anything else in the data stays text. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
