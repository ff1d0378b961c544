import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';
import type { Geometry } from 'geojson';
import { render } from 'preact-render-to-string';
import { themes } from '../../client/map/theme.ts';
import { type IncidentInFull, incidentInFull } from '../../client/model.ts';
import { figureInWords, timeInWords } from '../../client/words.ts';
import { measureCodes } from '../domain/vocabulary.ts';
import { latestInWords, picture } from './incident.tsx';
import { AtlasMap } from './map/map.tsx';
import { mapRules } from './map/rules.ts';
import { useWords, Worded, type Words } from './words.ts';

/** What networks that show previews ask for (Open Graph). */
export const previewSize = { width: 1200, height: 630 } as const;

/** Where the map starts; the words stand to its left. */
const mapLeft = 610;
const margin = 54;
const textWidth = mapLeft - 2 * margin;

/** PT Serif and PT Sans (ParaType, OFL): drawn for Cyrillic as for Latin; no font of the machine. */
const fontFiles = ['PTSerif_700Bold.ttf', 'PTSans_400Regular.ttf'].map((name) =>
  fileURLToPath(new URL(`fonts/${name}`, import.meta.url)),
);

const { panel, map, types } = themes.light;

const rules = [
  `.title,.range{font-family:'PT Serif';font-weight:700;fill:${panel.ink}}`,
  `.title{font-size:46px}`,
  `.brand{font-family:'PT Serif';font-weight:700;font-size:26px;fill:${panel.accent}}`,
  `.kicker,.said,.foot{font-family:'PT Sans';fill:${panel.muted}}`,
  `.kicker{font-size:24px}`,
  `.said{font-size:21px}`,
  `.foot{font-size:17px}`,
  mapRules({ map, types }),
].join('');

/** A picture of an incident, given as JSON text, for those who share it: PNG, {@link previewSize}. */
export async function previewPicture(
  words: Words,
  feature: string,
  area: Geometry | null,
): Promise<Uint8Array> {
  const incident = incidentInFull(JSON.parse(feature), 'incident');
  const svg = render(
    <Worded value={words}>
      <Preview incident={incident} area={area} />
    </Worded>,
  );
  const drawn = await renderAsync(svg, {
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'PT Sans' },
  });
  return drawn.asPng();
}

function Preview({ incident, area }: { incident: IncidentInFull; area: Geometry | null }) {
  const { t, p } = useWords();
  const { width, height } = previewSize;
  const { properties } = incident;
  const title = lines(properties.title, 46, 4);
  const kicker = lines(`${t.types[properties.type]} · ${timeInWords(t, incident, 'long')}`, 24, 2);
  const figures = measureCodes.flatMap((measure) => {
    const figure = properties.figures[measure];
    if (figure === undefined) return [];
    return [
      {
        measure,
        ...wholeRange(t.counted[measure](figureInWords(t, measure, figure))),
        said: lines(
          figure.latest === null ? t.time.undated : latestInWords(t, p, measure, figure.latest),
          21,
          2,
        ),
      },
    ];
  });
  const kickerTop = 122;
  const titleTop = kickerTop + kicker.length * 31 + 28;
  const shown = stacked(figures, titleTop + title.length * 54 + 34);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-label={properties.title}
    >
      <style>{rules}</style>
      <rect width={width} height={height} fill={panel.page} />
      <AtlasMap
        label={properties.title}
        content={picture(incident, area)}
        width={width - mapLeft}
        height={height}
        least={230_000}
        at={{ x: mapLeft, y: 0 }}
      />
      <path d={`M${mapLeft} 0V${height}`} stroke={panel.line} stroke-width="2" />
      <text class="brand" x={margin} y="72">
        {t.app.name}
      </text>
      <Lines of={kicker} kind="kicker" top={kickerTop} step={31} />
      <Lines of={title} kind="title" top={titleTop} step={54} />
      {shown.map(({ measure, range, size, said, top }) => (
        <g key={measure}>
          {range.map((line, index) => (
            <text key={line} class="range" font-size={size} x={margin} y={top + index * size * 1.1}>
              {line}
            </text>
          ))}
          <Lines
            of={said}
            kind="said"
            top={top + Math.round((range.length - 1) * size * 1.1) + 32}
            step={26}
          />
        </g>
      ))}
      <text class="foot" x={margin} y={height - 54}>
        {properties.area_only ? p.preview.area : p.preview.disc}
      </text>
      <text class="foot" x={margin} y={height - 30}>
        {p.preview.foot}
      </text>
    </svg>
  );
}

/** A figure is never cut: it gets smaller, and at last a second line. */
function wholeRange(words: string): { range: readonly string[]; size: number } {
  const fitting = Math.floor((40 * textWidth) / widthOf(words, 40));
  return fitting >= 30
    ? { range: [words], size: Math.min(40, fitting) }
    : { range: lines(words, 30, 3), size: 30 };
}

/** As many figures as there is room for above the foot, each with where it starts. */
function stacked<
  Figure extends { range: readonly string[]; size: number; said: readonly string[] },
>(figures: readonly Figure[], start: number): (Figure & { top: number })[] {
  const placed: (Figure & { top: number })[] = [];
  let top = start;
  for (const figure of figures) {
    const height =
      (figure.range.length - 1) * figure.size * 1.1 + 32 + (figure.said.length - 1) * 26;
    if (top + height > previewSize.height - 82) break;
    placed.push({ ...figure, top });
    top += height + 68;
  }
  return placed;
}

interface LinesProps {
  readonly of: readonly string[];
  readonly kind: 'kicker' | 'title' | 'said';
  readonly top: number;
  readonly step: number;
}

function Lines({ of, kind, top, step }: LinesProps) {
  return of.map((line, index) => (
    <text key={line} class={kind} x={margin} y={top + index * step}>
      {line}
    </text>
  ));
}

/** Text in lines that fit beside the map, the last one cut with an ellipsis where there are more. */
function lines(text: string, size: number, most: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || widthOf(longer, size) <= textWidth) {
      line = longer;
      continue;
    }
    found.push(line);
    line = word;
  }
  found.push(line);
  if (found.length <= most) return found.map((each) => cut(each, size));
  const kept = found.slice(0, most);
  return [...kept.slice(0, -1), cut(`${kept.at(-1)}…`, size)];
}

/** Cut where even one word is wider than the room for it. */
function cut(line: string, size: number): string {
  if (widthOf(line, size) <= textWidth) return line;
  let shorter = line;
  while (shorter !== '' && widthOf(`${shorter}…`, size) > textWidth) shorter = shorter.slice(0, -1);
  return `${shorter}…`;
}

/** Roughly how wide text is, a little more than the fonts make it: parts of the font's size. */
function widthOf(text: string, size: number): number {
  let parts = 0;
  for (const letter of text) {
    parts += /[\s.,:;'’|!iljtfI()[\]-]/.test(letter)
      ? 0.33
      : /[mwMWЖШЩЮФжшщюфы@]/.test(letter)
        ? 0.88
        : /\p{Lu}/u.test(letter)
          ? 0.7
          : 0.55;
  }
  return parts * size;
}
