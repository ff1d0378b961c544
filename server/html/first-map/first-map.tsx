/**
 * A picture of what the map will show first, for the page itself: it is seen before any script has
 * run, and lies where the map will draw. No coordinate is in pixels: places are parts of the frame,
 * which the style sheet fits to the screen as the map fits it; symbols and letters keep their size.
 */

import type { Feature, FeatureCollection, Point } from 'geojson';
import { LRUCache } from 'lru-cache';
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import { discZoom } from '../../../client/map/camera.ts';
import { claimLabels } from '../../../client/map/features.ts';
import { clusterSizes, ringParts, sizeSteps } from '../../../client/map/measures.ts';
import { shapes } from '../../../client/map/shapes.ts';
import type { Region } from '../../../client/model.ts';
import type { LayerSwitch, SizeMeasure } from '../../../client/state.ts';
import type { Language } from '../../../client/text/index.ts';
import { type IncidentType, incidentTypeCodes } from '../../domain/vocabulary.ts';
import { areaName, type IncidentsDrawn } from '../../queries/first-map.ts';
import type { TileCluster, TileIncident } from '../../queries/tile.ts';
import { basemap, partsOf } from '../map/basemap.ts';
import { areaPath, lineOf, linePath } from '../map/paths.ts';
import { type Box, latitudeOf, mercator, type Pixel, type View, viewAt } from '../map/view.ts';
import type { Words } from '../words.ts';
import { around, type Frame, fixedSide, type Level, worldAt } from './frame.ts';
import { between, Labels, type Room, type Text } from './labels.ts';

export interface FirstMap {
  readonly frame: Frame;
  /** What there is at each of the frame's levels, in their order. */
  readonly incidents: readonly IncidentsDrawn[];
  /** The claimed regions. */
  readonly regions: readonly Region[];
  readonly hidden: readonly LayerSwitch[];
  readonly size: SizeMeasure;
}

/** Outlines of areas weigh no more than this, in characters; beyond it a level has their marks alone. */
const mostOfAreas = 12_000;

/**
 * How far lines may stray, in pixels of the closest level: it is seen for a second or two, and each
 * corner costs a browser that draws in software.
 */
const tolerance = 1.3;

/** The picture as markup, to stand beside the map's own place in the page. */
export function firstMap(words: Words, content: FirstMap): string {
  const { frame, hidden } = content;
  const { levels } = frame;
  const deepest = levels.at(-1);
  if (deepest === undefined) return '';
  const cover = widened(around([frame.box, ...levels.map((level) => level.cover)]));
  // As many units as pixels at the usual size of the closest level.
  const view = viewAt(cover, (cover.right - cover.left) * worldAt(deepest.zoom));
  const ground = groundOf(view, content);
  const outlines = outlinesOf(view, content.incidents);
  const drawn = levels.map((level, index) => drawnOf(words, content, outlines, view, level, index));
  return render(
    <div id="first" aria-hidden="true">
      <style>{rulesOf(frame)}</style>
      <div class="first-space">
        <svg class="first-map" aria-hidden="true">
          <defs>
            {incidentTypeCodes.map((type) => (
              <Sign key={type} type={type} />
            ))}
            <g id="first-mix">
              <circle class="first-face faint" r="15" />
              <circle class="first-broken" r="15" stroke-width="1.8" />
            </g>
            {ringsIn(content).map((ring) => (
              <Ring key={ring} ring={ring} />
            ))}
            {levels.map((level) => (
              <Patterns key={level.z} level={level} view={view} />
            ))}
            {Object.entries(ground).map(([name, d]) => (
              <path key={name} id={`first-${name}`} d={d} />
            ))}
            {[...outlines.byName.values()].map(({ id, d }) => (
              <path key={id} id={id} d={d} />
            ))}
          </defs>
          <Ground frame={frame} view={view}>
            <use href="#first-otherLand" class="first-coast" />
            <use href="#first-ukraine" class="first-coast" />
            <use href="#first-otherLand" class="first-land" />
            <use href="#first-ukraine" class="first-ukraine" />
            {!hidden.includes('regions') && (
              <use href="#first-regionBorders" class="first-region" />
            )}
            {levels.map(({ z }) => (
              <use key={z} href="#first-claims" class={`l${z}`} fill={`url(#first-hatch${z})`} />
            ))}
            <use href="#first-claims" class="first-claim" />
            <use href="#first-countryBorders" class="first-country" />
            {drawn.map(({ z, areas }) => (
              <g key={z} class={`l${z}`}>
                {areas}
              </g>
            ))}
          </Ground>
          {drawn.map(({ z, names, marks }) => (
            <g key={z} class={`l${z}`}>
              {names}
              {marks}
            </g>
          ))}
        </svg>
      </div>
    </div>,
  );
}

/** A little more on each side, for screens of other shapes, as far as there is a world. */
function widened({ left, top, right, bottom }: Box): Box {
  const [wide, high] = [(right - left) / 20, (bottom - top) / 20];
  return {
    left: Math.max(0, left - wide),
    top: Math.max(0, top - high),
    right: Math.min(1, right + wide),
    bottom: Math.min(1, bottom + high),
  };
}

/** The picture's part of the world, stretched to where the frame lies. */
function Ground({ frame, view, children }: GroundProps) {
  const { box } = view;
  const [x, y] = placeIn(frame, [box.left, box.top]);
  const [right, bottom] = placeIn(frame, [box.right, box.bottom]);
  return (
    <svg
      aria-hidden="true"
      x={percent(x)}
      y={percent(y)}
      width={percent(right - x)}
      height={percent(bottom - y)}
      viewBox={`0 0 ${round(view.width)} ${round(view.height)}`}
      preserveAspectRatio="none"
    >
      {children}
    </svg>
  );
}

interface GroundProps {
  readonly frame: Frame;
  readonly view: View;
  readonly children: ComponentChildren;
}

type Paths = Readonly<
  Record<'otherLand' | 'ukraine' | 'regionBorders' | 'countryBorders' | 'claims', string>
>;

/** Land and borders of views, which most pages share; to cut them takes a tenth of a second. */
const grounds = new LRUCache<string, Omit<Paths, 'claims'>>({ max: 30 });

function groundOf(view: View, { regions, hidden }: FirstMap): Paths {
  const key = JSON.stringify([view.box, view.width]);
  const { otherLand, ukraine, regionBorders, countryBorders } = basemap();
  const ground = grounds.get(key) ?? {
    otherLand: areaPath(view, otherLand, tolerance),
    ukraine: areaPath(view, ukraine, tolerance),
    regionBorders: linePath(view, regionBorders, tolerance),
    countryBorders: linePath(view, countryBorders, tolerance),
  };
  grounds.set(key, ground);
  const claimed = hidden.includes('claims') ? [] : regions;
  const lines = claimed.flatMap(({ geometry }) =>
    geometry === null ? [] : partsOf(geometry).map(lineOf),
  );
  return { ...ground, claims: areaPath(view, lines, tolerance) };
}

/** What is drawn at one level, lowest first within each. */
interface Drawn {
  readonly z: number;
  readonly areas: ComponentChildren;
  readonly names: ComponentChildren;
  readonly marks: ComponentChildren;
}

function drawnOf(
  words: Words,
  content: FirstMap,
  outlines: Outlines,
  view: View,
  level: Level,
  index: number,
): Drawn {
  const { frame, hidden, size } = content;
  const { zoom, z } = level;
  const incidents = content.incidents[index] ?? nothing;
  const { points, clusters, markers } = incidents;
  const world = worldAt(zoom);
  /** Pixels from the frame's corner, at the level's usual size. */
  const pixelOf = ({ x, y }: { readonly x: number; readonly y: number }): Pixel => [
    (x - frame.box.left) * world,
    (y - frame.box.top) * world,
  ];
  // Where the scale is small, areas are marked above the points that they crowd with.
  const raised = between(zoom, [3, -21], [6.5, 0]);
  const rooms: readonly Room[] = [
    ...points.map((point) => square(pixelOf(point), 26)),
    ...clusters.map((each) => square(pixelOf(each), clusterSizes[stepOf(each, size)] ?? 30)),
    ...markers.map((each) => square(pixelOf(each), 'count' in each ? 34 : 30)),
  ];
  const place = (position: readonly number[]): Pixel => {
    const [x, y] = mercator([...position]);
    return pixelOf({ x, y });
  };
  const labels = new Labels(level, place, rooms);
  if (!hidden.includes('claims')) {
    for (const { position, text } of claimTexts(words, content, level))
      labels.addClaim(position, text);
  }
  if (!hidden.includes('labels')) {
    const within = basemap().labels.filter(({ position }) => isNear(level, mercator(position)));
    labels.add(within, words.language);
  }
  const at = (each: { readonly x: number; readonly y: number }) => {
    const [x, y] = placeIn(frame, [each.x, each.y]);
    return { x: percent(x), y: percent(y) };
  };
  const number = new Intl.NumberFormat(words.t.locale);
  return {
    z,
    areas: (
      <>
        <Areas incidents={incidents} outlines={outlines} level={level} />
        {!hidden.includes('uncertainty') && zoom >= discZoom && (
          <Discs points={points} view={view} level={level} />
        )}
      </>
    ),
    names: labels.texts.map((text) => (
      <Name key={`${text.lines} ${text.at}`} text={text} at={partsOfFrame(frame, text.at, world)} />
    )),
    marks: (
      <>
        {markers.map((each) => (
          <g key={keyOf(each)} transform={`translate(0 ${round(raised)})`}>
            {'count' in each ? (
              <>
                <use href="#first-mix" {...at(each)} />
                <text class="first-count" {...at(each)} data-of="areas">
                  {number.format(each.count)}
                </text>
              </>
            ) : (
              <use href={`#first-area-${each.type}`} {...at(each)} data-of="area" />
            )}
          </g>
        ))}
        {clusters
          .toSorted((one, other) => (measured(one, size) ?? 0) - (measured(other, size) ?? 0))
          .map((each) => (
            <g key={keyOf(each)}>
              <use href={`#first-${ringOf(each, size)}`} {...at(each)} />
              <text class="first-count" {...at(each)} data-of="points" data-count={each.count}>
                {size === 'incidents' || measured(each, size) !== null
                  ? number.format(measured(each, size) ?? 0)
                  : '–'}
              </text>
            </g>
          ))}
        {points.map((each) => (
          <Mark key={each.id} point={each} at={at(each)} size={size} />
        ))}
      </>
    ),
  };
}

const nothing: IncidentsDrawn = { points: [], clusters: [], markers: [], areas: [] };

const keyOf = (each: { readonly x: number; readonly y: number }) => `${each.x} ${each.y}`;

const square = (at: Pixel, side: number): Room => ({ at, width: side, height: side });

/** Pixels beyond a screen from where a name still reaches into it. */
const nameReach = 60;

function isNear({ cover, zoom }: Level, [x, y]: Pixel): boolean {
  const reach = nameReach / worldAt(zoom);
  return x > cover.left - reach && x < cover.right + reach && y > cover.top && y < cover.bottom;
}

interface Claimed {
  readonly position: readonly number[];
  readonly text: string;
}

/** To find the room for them takes as long as all else of a picture. */
const labelsOfClaims = new WeakMap<readonly Region[], Map<Language, FeatureCollection<Point>>>();

/** What the map writes on claimed regions at a zoom: on each, or once for all of one day. */
function claimTexts({ t, language }: Words, { regions }: FirstMap, { z, zoom }: Level): Claimed[] {
  if (zoom < 4.3) return [];
  const known = labelsOfClaims.get(regions) ?? new Map<Language, FeatureCollection<Point>>();
  labelsOfClaims.set(regions, known);
  const labels = known.get(language) ?? claimLabels(regions, t, language);
  known.set(language, labels);
  const isGroup = ({ properties }: Feature) => properties?.kind === 'group';
  return labels.features
    .filter((label) => isGroup(label) === z < 7)
    .map(({ geometry, properties }) => ({
      position: geometry.coordinates,
      text: String(properties?.text),
    }));
}

/** A position on the square of side 1 as parts of the frame. */
function placeIn({ box }: Frame, [x, y]: Pixel): Pixel {
  return [(x - box.left) / (box.right - box.left), (y - box.top) / (box.bottom - box.top)];
}

function partsOfFrame({ box }: Frame, [x, y]: Pixel, world: number): Pixel {
  return [x / world / (box.right - box.left), y / world / (box.bottom - box.top)];
}

/** Fine enough for a tenth of a pixel. */
const percent = (part: number): string => `${Number((part * 100).toFixed(2))}%`;

const round = (value: number): number => Number(value.toFixed(2));

/** A filled shape in a casing, and a hollow one in a broken ring for what is no point. */
function Sign({ type }: { type: IncidentType }) {
  return (
    <>
      <path
        id={`first-${type}`}
        class={`first-sign first-${type}`}
        d={shapes[type]}
        transform="translate(-9.6 -9.6) scale(.8)"
      />
      <g id={`first-area-${type}`} class={`first-${type}`}>
        <circle class="first-face faint" r="12.5" />
        <circle class="first-broken" r="12.5" stroke-width="1.6" />
        <path class="first-hollow" d={shapes[type]} transform="translate(-6 -6) scale(.5)" />
      </g>
    </>
  );
}

interface MarkProps {
  readonly point: TileIncident;
  readonly at: { readonly x: string; readonly y: string };
  readonly size: SizeMeasure;
}

function Mark({ point, at, size }: MarkProps) {
  const href = `#first-${point.type}`;
  if (size === 'incidents') return <use href={href} {...at} data-of="point" />;
  const given = measured(point, size) ?? 0;
  const step = stepOf(point, size);
  const scale = given < 1 ? 0.8 : step === 0 ? 1 : 1 + step / 4;
  return (
    <svg aria-hidden="true" {...at}>
      <use href={href} transform={`scale(${scale})`} data-of="point" />
    </svg>
  );
}

type Measured = TileIncident | TileCluster;

/** What a symbol's size stands for; null where nobody gave a number. */
function measured(each: Measured, size: SizeMeasure): number | null {
  switch (size) {
    case 'incidents':
      return 'count' in each ? each.count : 1;
    case 'killed':
      return each.killed_highest;
    case 'injured':
      return each.injured_highest;
  }
}

function stepOf(each: Measured, size: SizeMeasure): number {
  const given = measured(each, size) ?? 0;
  return sizeSteps.filter((from) => given >= from).length;
}

/** Names a cluster's ring: the step of its size, and a share per type in twelfths, none of them lost. */
function ringOf(cluster: TileCluster, size: SizeMeasure): string {
  const shares = incidentTypeCodes.map((type) =>
    Math.ceil((ringParts * cluster[type]) / cluster.count),
  );
  return `${stepOf(cluster, size)}-${shares.join('-')}`;
}

function ringsIn({ incidents, size }: FirstMap): string[] {
  const all = incidents.flatMap(({ clusters }) => clusters.map((each) => ringOf(each, size)));
  return [...new Set(all)];
}

function Ring({ ring }: { ring: string }) {
  const [step = 0, ...shares] = ring.split('-').map(Number);
  const middle = (clusterSizes[step] ?? 30) / 2;
  const radius = middle - 3.2;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const parts = incidentTypeCodes.flatMap((type, index) => {
    const from = shares.slice(0, index).reduce((sum, share) => sum + share, 0) / total;
    const share = (shares[index] ?? 0) / total;
    return share === 0 ? [] : [{ type, from, share }];
  });
  const gap = parts.length > 1 ? 0.14 : 0;
  return (
    <g id={`first-${ring}`}>
      <circle class="first-face" r={middle - 0.5} />
      {parts.map(({ type, from, share }) => (
        <path
          key={type}
          class={`first-ring first-${type}`}
          d={arc(radius, from * 2 * Math.PI + gap / 2, (from + share) * 2 * Math.PI - gap / 2)}
        />
      ))}
    </g>
  );
}

/** Part of a circle, by angles from its top on, clockwise. */
function arc(radius: number, from: number, to: number): string {
  // A whole circle would end where it begins, and be none.
  const end = Math.min(to, from + 2 * Math.PI - 1e-3);
  const [start, stop] = [from, end].map(
    (angle) => `${round(radius * Math.sin(angle))} ${round(-radius * Math.cos(angle))}`,
  );
  return `M${start}A${radius} ${radius} 0 ${end - from > Math.PI ? 1 : 0} 1 ${stop}`;
}

/** Hatching and dots as the map lays them: in pixels of a whole zoom, from the world's corner on. */
function Patterns({ level: { z }, view }: { level: Level; view: View }) {
  const unit = view.width / ((view.box.right - view.box.left) * worldAt(z));
  const lay = (side: number) => {
    const shift = (at: number) => round(-((at * worldAt(z)) % side));
    const [x, y] = [shift(view.box.left), shift(view.box.top)];
    return {
      width: side,
      height: side,
      patternUnits: 'userSpaceOnUse',
      patternTransform: `scale(${unit.toFixed(4)}) translate(${x} ${y})`,
    } as const;
  };
  return (
    <>
      <pattern id={`first-hatch${z}`} {...lay(10)}>
        <path class="first-hatch" d="M-10 10L0 0M0 10L10 0M10 10L20 0" />
      </pattern>
      <pattern id={`first-dots${z}`} {...lay(8)}>
        <circle class="first-dot" cx="2" cy="2" r=".8" />
        <circle class="first-dot" cx="6" cy="6" r=".8" />
      </pattern>
    </>
  );
}

/** Outlines of areas as path data, each once. */
interface Outlines {
  /** By the area's name: its own in the picture, and the path. */
  readonly byName: ReadonlyMap<string, { readonly id: string; readonly d: string }>;
  /** Levels whose areas are drawn. */
  readonly levels: ReadonlySet<IncidentsDrawn>;
}

/** Of all levels, as the closest has them, as far as they are not too much. */
function outlinesOf(view: View, incidents: readonly IncidentsDrawn[]): Outlines {
  const byName = new Map<string, { readonly id: string; readonly d: string }>();
  const levels = new Set<IncidentsDrawn>();
  let left = mostOfAreas;
  for (const level of incidents.toReversed()) {
    const added = level.areas
      .filter((area) => !byName.has(areaName(area)))
      .map((area, index) => ({
        name: areaName(area),
        id: `first-a${byName.size + index}`,
        d: areaPath(view, partsOf(area.area).map(lineOf), tolerance),
      }));
    const weight = added.reduce((sum, { d }) => sum + d.length, 0);
    if (weight > left) continue;
    left -= weight;
    levels.add(level);
    for (const { name, id, d } of added) byName.set(name, { id, d });
  }
  return { byName, levels };
}

interface AreasProps {
  readonly incidents: IncidentsDrawn;
  readonly outlines: Outlines;
  readonly level: Level;
}

/** What is known only as an area, the widest first so that the narrow ones stay on top. */
function Areas({ incidents, outlines, level: { z, zoom } }: AreasProps) {
  if (!outlines.levels.has(incidents)) return null;
  const areas = incidents.areas.toSorted((one, other) => other.uncertainty_m - one.uncertainty_m);
  return (
    <>
      {areas.map((area) => {
        const { id, d } = outlines.byName.get(areaName(area)) ?? {};
        if (d === undefined || d === '') return null;
        const isWide = area.geo_precision !== 'district' || area.uncertainty_m > 150_000;
        const opacity = between(zoom, [5.5, isWide ? 0.14 : 0.9], [8, isWide ? 0.05 : 0.7]);
        const type = 'type' in area ? area.type : 'other';
        return (
          <g key={id} class={`first-${type}`}>
            <use href={`#${id}`} fill={`url(#first-dots${z})`} fill-opacity={round(opacity)} />
            {!isWide && <use href={`#${id}`} class="first-outline" />}
          </g>
        );
      })}
    </>
  );
}

interface DiscsProps {
  readonly points: IncidentsDrawn['points'];
  readonly view: View;
  readonly level: Level;
}

/** Where the places of points lie; equal discs, as of one town's incidents, once. */
function Discs({ points, view, level: { z, zoom } }: DiscsProps) {
  const across = view.box.right - view.box.left;
  const discs = new Map(
    points.map(({ x, y, uncertainty_m }) => [
      `${x} ${y} ${uncertainty_m}`,
      {
        cx: round(((x - view.box.left) / across) * view.width),
        cy: round(((y - view.box.top) / across) * view.width),
        r: round(uncertainty_m * view.unitsPerMetre(latitudeOf(y))),
      },
    ]),
  );
  return (
    <>
      {[...discs].map(([key, disc]) => (
        <circle
          key={key}
          class="first-disc"
          {...disc}
          fill={`url(#first-dots${z})`}
          fill-opacity={round(between(zoom, [discZoom, 0], [discZoom + 1.5, 0.42]))}
          stroke-opacity={round(between(zoom, [discZoom, 0], [discZoom + 1.5, 0.4]))}
        />
      ))}
    </>
  );
}

/** The map's letters stand so much further right, in parts of their size. */
const leftBearing = 0.13;

/** A name; of a town with its dot. */
function Name({ text, at: [x, y] }: { text: Text; at: Pixel }) {
  const { kind, lines, size, shift, anchor, dot, isFaint } = text;
  const place = { x: percent(x), y: percent(y) };
  const height = 1.25 * size;
  // The first line's baseline, from where the text's middle is.
  const first = shift[1] + 0.35 * size - ((lines.length - 1) / 2) * height;
  return (
    <>
      {dot > 0 && <circle class="first-town" cx={place.x} cy={place.y} r={round(1.9 * dot)} />}
      <text
        class={`first-name ${kind}${isFaint ? ' faint' : ''}`}
        font-size={round(size)}
        text-anchor={anchor}
        {...place}
        dx={round(shift[0] + leftBearing * size)}
        dy={round(first)}
      >
        {lines.length === 1
          ? lines[0]
          : lines.map((line, index) => (
              <tspan
                key={line}
                x={place.x}
                dx={index === 0 ? undefined : round(shift[0] + leftBearing * size)}
                dy={index === 0 ? undefined : round(height)}
              >
                {line}
              </tspan>
            ))}
      </text>
    </>
  );
}

/** How the frame fits the screen, and what a screen of that size shows. */
function rulesOf({ box, isFixed, deepest, levels }: Frame): string {
  const [across, down] = [box.right - box.left, box.bottom - box.top];
  const ratio = (across / down).toFixed(5);
  const most = Math.round(across * worldAt(deepest));
  const [widest] = levels;
  const closest = levels.at(-1);
  if (widest === undefined || closest === undefined) return '';
  const fit = isFixed
    ? `#first .first-space{inset:0}.first-map{width:${fixedSide}px;height:${fixedSide}px}`
    : `.first-space{container:first/size}.first-map{width:min(100cqw,100cqh*${ratio},${most}px);aspect-ratio:${ratio}}`;
  /** Lines are as wide as on the map, in units of the picture, which is stretched. */
  const lines = (zoom: number) =>
    `.first-map{--px:${(2 ** (closest.zoom - zoom)).toFixed(3)}px;${widthsAt(zoom)}}`;
  const show = ({ z }: Level) =>
    levels.map((other) => `.l${other.z}{display:${other.z === z ? 'inline' : 'none'}}`).join('');
  if (isFixed) return `${fit}${lines(closest.zoom)}`;
  const steps = [...halves(widest.z, Math.min(deepest, closest.z + 1))].map((zoom) => {
    const level = levels.find(({ z }) => z === zoom);
    const [width, height] = [across * worldAt(zoom), down * worldAt(zoom)];
    return `@container first (min-width:${width.toFixed(1)}px) and (min-height:${height.toFixed(1)}px){${lines(zoom + 0.25)}${level === undefined ? '' : show(level)}}`;
  });
  return [fit, lines(widest.z - 0.25), show(widest), ...steps].join('');
}

/** Steps of half a zoom: within one the width of lines is not seen to differ. */
function* halves(from: number, to: number): Generator<number> {
  for (let zoom = from; zoom < to; zoom += 0.5) yield zoom;
}

/** Widths of lines at a zoom, as the map's layers have them, px. */
function widthsAt(zoom: number): string {
  const widths = {
    // Half of it lies beneath the land.
    coast: between(zoom, [3, 1.2], [8, 2.6]),
    region: between(zoom, [4, 0.6], [9, 1.6]),
    country: between(zoom, [3, 0.8], [6, 1.4], [10, 2.2]),
    claim: between(zoom, [4, 1], [9, 2]),
  };
  return Object.entries(widths)
    .map(([name, width]) => `--${name}:${width.toFixed(2)}`)
    .join(';');
}
