import type { ComponentChildren } from 'preact';
import { shapes } from '../../client/map/shapes.ts';
import type { Figure, Source } from '../../client/model.ts';
import {
  edtfInWords,
  figureInWords,
  languageInWords,
  reportedInWords,
  valueInWords,
} from '../../client/words.ts';
import type { IncidentType, Measure } from '../domain/vocabulary.ts';
import { AtlasMap, isDrawable, type MapContent } from './map/map.tsx';
import { useWords } from './words.ts';

/** The symbol of a type as on the map; hollow in a broken ring where only an area is known. */
export function TypeSymbol({ type, known }: { type: IncidentType; known: 'point' | 'area' }) {
  return (
    <svg class="symbol" viewBox="0 0 24 24" aria-hidden="true">
      {known === 'point' ? (
        <path class={`type-${type}`} d={shapes[type]} fill-rule="evenodd" />
      ) : (
        <>
          <path
            class={`type-${type}`}
            d={shapes[type]}
            fill-rule="evenodd"
            transform="translate(6.5 6.5) scale(.46)"
          />
          <circle
            class={`ring-${type}`}
            cx="12"
            cy="12"
            r="10.8"
            fill="none"
            stroke-width="1.5"
            stroke-dasharray="3.2 2.6"
          />
        </>
      )}
    </svg>
  );
}

/** A link to another site; what is no web address stays text. */
export function OutwardLink({ href, children }: { href: string; children: ComponentChildren }) {
  return /^https?:\/\//i.test(href) && URL.canParse(href) ? (
    <a href={href} rel="noopener noreferrer external">
      {children}
    </a>
  ) : (
    children
  );
}

/** The publisher's name, or where there is none the host of the address. */
export function publisherOf({
  publisher,
  url,
}: {
  readonly publisher: string | null;
  readonly url: string;
}): string {
  return publisher ?? (URL.canParse(url) ? new URL(url).host : url);
}

/** A source by its publisher, linked; with date, language and kind. */
export function SourceLink({ source }: { source: Source }) {
  const { t } = useWords();
  const facts = [
    source.published_at === null ? null : edtfInWords(t, source.published_at, 'short'),
    source.language === null ? null : languageInWords(t, source.language),
    source.kind === null ? null : t.incident.kinds[source.kind] || null,
  ].filter((fact) => fact !== null);
  return (
    <span>
      <OutwardLink href={source.url}>{publisherOf(source)}</OutwardLink>
      {facts.length > 0 && <span class="hint"> · {facts.join(' · ')}</span>}
    </span>
  );
}

/** Sources in a row. */
export function SourceLinks({ sources }: { sources: readonly Source[] }) {
  return (
    <ul class="inline">
      {sources.map((source) => (
        <li key={source.id}>
          <SourceLink source={source} />
        </li>
      ))}
    </ul>
  );
}

/** The last claim behind a figure: its value, who made it, when, and where that stands. */
export function Latest({ measure, figure }: { measure: Measure; figure: Figure }) {
  const { t, p } = useWords();
  const { latest } = figure;
  if (latest === null) return <>{t.time.undated}</>;
  const url = latest.source_url;
  return (
    <>
      <b>{p.items.latest(valueInWords(t, measure, latest))}</b>,{' '}
      <span lang="en">{latest.attributed_to}</span>, {reportedInWords(t, latest.reported_at)}
      {url !== null && (
        <>
          {' · '}
          <OutwardLink href={url}>
            {publisherOf({ publisher: latest.source_publisher, url })}
          </OutwardLink>
        </>
      )}
    </>
  );
}

/** A figure as a range with the last claim's attribution, for a cell of a table. */
export function FigureCell({ measure, figure }: { measure: Measure; figure: Figure | undefined }) {
  const { t, p } = useWords();
  if (figure === undefined) return <span class="hint absent">{p.notGiven}</span>;
  return (
    <>
      <b>{figureInWords(t, measure, figure)}</b>
      <span class="aside">
        <Latest measure={measure} figure={figure} />
      </span>
    </>
  );
}

/** A wide picture has a second form for phones, where its names would be too small to read. */
const sizes = {
  wide: [
    { width: 1160, height: 470, least: 320_000 },
    { width: 460, height: 400, least: 160_000 },
  ],
  narrow: [{ width: 480, height: 420, least: 130_000 }],
} as const;

/** A picture of a page's things, or nothing where none of them has a place. */
export function Picture({
  content,
  label,
  shape,
}: {
  content: MapContent;
  label: string;
  shape: 'wide' | 'narrow';
}) {
  if (!isDrawable(content)) return null;
  return (
    <figure class={`picture ${shape}`}>
      {sizes[shape].map((size) => (
        <AtlasMap key={size.width} label={label} content={content} {...size} />
      ))}
    </figure>
  );
}
