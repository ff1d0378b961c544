import type { Geometry, Position } from 'geojson';
import type { ComponentChildren } from 'preact';
import { shapes } from '../../../client/map/shapes.ts';
import type { Language } from '../../../client/text/index.ts';
import { distanceInWords } from '../../../client/words.ts';
import type { IncidentType } from '../../domain/vocabulary.ts';
import { useWords } from '../words.ts';
import { basemap, type Label, partsOf } from './basemap.ts';
import { areaPath, type Line, lineOf, linePath } from './paths.ts';
import { latitudeOf, type Pixel, type Spot, type View, viewOf } from './view.ts';

/** Something at a point that is known to within a radius. */
export interface MapPoint {
  readonly position: Position;
  /** Metres. */
  readonly radius: number;
  /** `none`: only an area is known, and the point must not be shown. */
  readonly sign: IncidentType | 'place' | 'none';
  readonly title: string;
  readonly href?: string;
}

/** Something that is an area: a region's outline, or where an incident may have been. */
export interface MapArea {
  readonly geometry: Geometry;
  readonly kind: 'region' | 'claimed' | 'uncertain';
  readonly title: string;
  readonly href?: string;
}

export interface MapContent {
  readonly points: readonly MapPoint[];
  readonly areas: readonly MapArea[];
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
  /** Metres from side to side that are shown at least. */
  readonly least: number;
}

/** Whether there is anything to draw. */
export function isDrawable({ points, areas }: MapContent): boolean {
  return points.length > 0 || areas.length > 0;
}

interface MapProps extends MapSize {
  readonly label: string;
  readonly content: MapContent;
  /** Where it stands in a larger picture. */
  readonly at?: { readonly x: number; readonly y: number };
}

/** Side of a symbol's box, in units of the picture: the wider the view, the closer they stand. */
function signSizeIn(view: View): number {
  const kilometres = kilometresAcross(view);
  return kilometres > 2500 ? 13 : kilometres > 900 ? 17 : 22;
}

function kilometresAcross(view: View): number {
  return view.width / view.unitsPerMetre(latitudeAtMiddle(view)) / 1000;
}

/** A picture of where things are and how well that is known: north up, with a scale, no script. */
export function AtlasMap({ label, content, width, height, least, at }: MapProps) {
  const { language } = useWords();
  const areas = content.areas.map((area) => ({
    ...area,
    lines: partsOf(area.geometry).map(lineOf),
  }));
  const view = viewOf([...content.points, ...areas.flatMap(cornersOf)], { width, height, least });
  // Where parts of it are links, the table beside it has the same ones and is what is read out.
  const linked = [...content.points, ...content.areas].some(({ href }) => href !== undefined);
  const { ukraine, otherLand, countryBorders, regionBorders, labels } = basemap();
  const signSize = signSizeIn(view);
  const signs = spread(view, content.points);
  // One disc for what is known equally well of the same place: laid over each other they darken.
  const discs = new Map(
    content.points.map((point) => [
      `${point.position} ${point.radius} ${point.sign === 'none' ? point.title : ''}`,
      point,
    ]),
  );
  const taken = signs.map(({ at }) => boxAround(at, signSize, signSize));
  return (
    <svg
      class="map"
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      {...(at === undefined ? {} : { ...at, width, height })}
      role="img"
      aria-label={label}
      aria-hidden={linked}
    >
      <defs>
        <pattern
          id={`hatch-${width}`}
          width="9"
          height="9"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="hatch" d="M0 0V9" />
        </pattern>
        <pattern id={`dots-${width}`} width="9" height="9" patternUnits="userSpaceOnUse">
          <circle class="dot" cx="4.5" cy="4.5" r="1.2" />
        </pattern>
      </defs>
      <rect class="sea" width={width} height={height} />
      <Ground kind="land" d={areaPath(view, otherLand)} />
      <Ground kind="ukraine" d={areaPath(view, ukraine)} />
      <Ground kind="region-border" d={linePath(view, regionBorders)} />
      <Ground kind="country-border" d={linePath(view, countryBorders)} />
      {areas.map((area) => (
        <Linked key={area.title} href={area.href}>
          <path
            class={`area ${area.kind}`}
            fill={fillOf(area.kind, width)}
            d={areaPath(view, area.lines) || 'M0 0'}
          >
            <title>{area.title}</title>
          </path>
        </Linked>
      ))}
      {[...discs].map(([key, point]) => (
        <Disc key={key} point={point} view={view} />
      ))}
      {namesWithin(view, labels, language, taken).map(({ text, kind, at, town }) => (
        <g key={`${text} ${at}`}>
          {kind === 'town' && (
            <circle class="town-dot" cx={whole(town[0])} cy={whole(town[1])} r="2.6" />
          )}
          <text class={`name ${kind}`} x={at[0]} y={at[1]}>
            {text}
          </text>
        </g>
      ))}
      {signs.toReversed().map(({ point, at }) => (
        <Linked key={`${at} ${point.title}`} href={point.href}>
          <Sign point={point} at={at} size={signSize} />
        </Linked>
      ))}
      <Scale view={view} />
    </svg>
  );
}

/** Land or borders; nothing where none come into the picture. */
function Ground({ kind, d }: { kind: string; d: string }) {
  return d === '' ? null : <path class={kind} d={d} />;
}

function Linked({ href, children }: { href: string | undefined; children: ComponentChildren }) {
  return href === undefined ? (
    children
  ) : (
    <a href={href} tabIndex={-1}>
      {children}
    </a>
  );
}

/** The radius within which a place lies; an outline only, where it would hide under the symbol. */
function Disc({ point, view }: { point: MapPoint; view: View }) {
  const radius = point.radius * view.unitsPerMetre(point.position[1] ?? 0);
  if (radius < signSizeIn(view) / 3) return null;
  const [x, y] = view.place(point.position);
  const disc = (
    <circle
      class={point.sign === 'none' ? 'area uncertain' : 'disc'}
      fill={point.sign === 'none' ? fillOf('uncertain', view.width) : undefined}
      cx={whole(x)}
      cy={whole(y)}
      r={whole(radius)}
    >
      <title>{point.title}</title>
    </circle>
  );
  return point.sign === 'none' ? <Linked href={point.href}>{disc}</Linked> : disc;
}

/** Points that share a place lie side by side about it: a spiral that stays compact. */
function spread(view: View, points: readonly MapPoint[]): { point: MapPoint; at: Pixel }[] {
  const signSize = signSizeIn(view);
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  const placed = new Map<string, number>();
  return points
    .filter(({ sign }) => sign !== 'none')
    .map((point) => {
      const [x, y] = view.place(point.position);
      const key = `${whole(x / 6)} ${whole(y / 6)}`;
      const before = placed.get(key) ?? 0;
      placed.set(key, before + 1);
      const away = point.sign === 'place' ? 0 : signSize * 0.8 * Math.sqrt(before);
      const angle = before * goldenAngle;
      return { point, at: [x + away * Math.cos(angle), y + away * Math.sin(angle)] };
    });
}

/** Patterns are named in the picture itself, of which a page may have two. */
function fillOf(kind: MapArea['kind'], width: number): string {
  switch (kind) {
    case 'region':
      return 'transparent';
    case 'claimed':
      return `url(#hatch-${width})`;
    case 'uncertain':
      return `url(#dots-${width})`;
  }
}

interface SignProps {
  readonly point: MapPoint;
  readonly at: Pixel;
  readonly size: number;
}

function Sign({ point, at: [x, y], size }: SignProps) {
  if (point.sign === 'none') return null;
  if (point.sign === 'place') {
    return (
      <circle class="place" cx={whole(x)} cy={whole(y)} r="4">
        <title>{point.title}</title>
      </circle>
    );
  }
  const corner = `${whole(x - size / 2)} ${whole(y - size / 2)}`;
  return (
    <path
      class={`sign type-${point.sign}`}
      d={shapes[point.sign]}
      transform={`translate(${corner}) scale(${(size / 24).toFixed(2)})`}
    >
      <title>{point.title}</title>
    </path>
  );
}

/** A bar of a round number of kilometres. */
function Scale({ view }: { view: View }) {
  const words = useWords();
  const { width, height, box } = view;
  const perMetre = view.unitsPerMetre(latitudeAtMiddle(view));
  const most = (width * 0.22) / perMetre;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const metres =
    [5, 2, 1].map((step) => step * magnitude).find((each) => each <= most) ?? magnitude;
  const length = metres * perMetre;
  if (!Number.isFinite(length) || box.right <= box.left) return null;
  const [x, y] = [18, height - 16];
  return (
    <g class="scale">
      <path d={`M${x} ${y - 6}v6h${whole(length)}v-6`} />
      <text x={x + whole(length) + 8} y={y + 1}>
        {distanceInWords(words.t, metres)}
      </text>
    </g>
  );
}

function latitudeAtMiddle({ box }: View): number {
  const y = (box.top + box.bottom) / 2;
  return latitudeOf(y);
}

/** The corners of an area's boxes, by which the view holds it. */
function cornersOf({ lines }: { lines: readonly Line[] }): Spot[] {
  return lines.flatMap(({ box }) =>
    [
      [box.left, box.top],
      [box.right, box.bottom],
    ].map(([x = 0, y = 0]) => ({
      position: [(x - 0.5) * 360, latitudeOf(y)],
      radius: 0,
    })),
  );
}

interface Placed {
  readonly text: string;
  readonly kind: Label['kind'];
  readonly at: Pixel;
  /** Where the town itself is. */
  readonly town: Pixel;
}

type Rectangle = readonly [left: number, top: number, right: number, bottom: number];

const letterHeight = { country: 19, sea: 18, town: 15 } as const;
/** Width of a letter as a part of its height, roughly; capitals are wider. */
const letterWidth = { country: 0.78, sea: 0.52, town: 0.56 } as const;
const maxNames = 22;

/** Names that find room: the more important first, none over another or over a symbol. */
function namesWithin(
  view: View,
  labels: readonly Label[],
  language: Language,
  taken: readonly Rectangle[],
): Placed[] {
  const kilometres = kilometresAcross(view);
  // The wider the view, the fewer the ranks of towns that fit in it.
  const lastRank =
    kilometres > 2500
      ? -1
      : kilometres > 1200
        ? 0
        : kilometres > 600
          ? 1
          : kilometres > 350
            ? 2
            : kilometres > 200
              ? 3
              : 5;
  const rectangles = [...taken, [0, view.height - 44, view.width * 0.34, view.height] as const];
  const placed: Placed[] = [];
  const order = labels
    .filter(({ kind, rank }) => kind !== 'town' || rank <= lastRank)
    .map((label) => ({ ...label, at: view.place(label.position) }))
    .filter(({ at: [x, y] }) => x > 0 && y > 0 && x < view.width && y < view.height)
    .sort((one, other) => one.rank - other.rank);
  for (const { kind, names, at } of order) {
    if (placed.length === maxNames) break;
    const text = names[language];
    const height = letterHeight[kind];
    const width = text.length * height * letterWidth[kind];
    const spot = spotsFor(kind, at, width).find((centre) => {
      const box = boxAround(centre, width, height);
      const [left, top, right, bottom] = box;
      const fits = left > 4 && top > 4 && right < view.width - 4 && bottom < view.height - 4;
      return fits && !rectangles.some((other) => overlap(box, other));
    });
    const dot = boxAround(at, 9, 9);
    const covered =
      kind === 'town' && rectangles.slice(taken.length).some((other) => overlap(dot, other));
    if (spot === undefined || covered) continue;
    rectangles.push(boxAround(spot, width, height), ...(kind === 'town' ? [dot] : []));
    placed.push({ text, kind, town: at, at: [whole(spot[0]), whole(spot[1] + height * 0.35)] });
  }
  return placed;
}

/** Where the middle of a name may be: a town's beside or above its dot. */
function spotsFor(kind: Label['kind'], [x, y]: Pixel, width: number): Pixel[] {
  if (kind !== 'town') return [[x, y]];
  const aside = width / 2 + 9;
  return [
    [x + aside, y],
    [x - aside, y],
    [x, y - 19],
    [x, y + 19],
  ];
}

function boxAround([x, y]: Pixel, width: number, height: number): Rectangle {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function overlap(one: Rectangle, other: Rectangle): boolean {
  return one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
}

const whole = (value: number): number => Math.round(value);
