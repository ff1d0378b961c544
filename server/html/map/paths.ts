/** Lines and areas as SVG path data: cut to the picture, thinned to what the eye can tell apart. */

import type { Position } from 'geojson';
import { type Box, mercator, type Pixel, type View } from './view.ts';

/** A line on the Web Mercator square of side 1: x and y by turns, and the box around it. */
export interface Line {
  readonly points: Float64Array;
  readonly box: Box;
}

/** Prepares a line or ring of longitudes and latitudes. */
export function lineOf(positions: readonly Position[]): Line {
  const points = new Float64Array(positions.length * 2);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [index, position] of positions.entries()) {
    const [x, y] = mercator(position);
    points[index * 2] = x;
    points[index * 2 + 1] = y;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return { points, box };
}

/** How far beyond the picture's edge things are cut, so that no stroke of the cut shows. */
const overhang = 6;
/** A line strays no further than this from its course, in units of the picture, unless more will do. */
const usualTolerance = 0.8;

/** Areas given by their rings; to be filled by the even-odd rule. */
export function areaPath(view: View, rings: readonly Line[], tolerance = usualTolerance): string {
  return rings
    .filter(({ box }) => meets(view, box))
    .map((ring) => closed(thinned(clipped(view, pixelsOf(view, ring)), tolerance)))
    .join('');
}

/** Lines: the parts of them that come near the picture. */
export function linePath(view: View, lines: readonly Line[], tolerance = usualTolerance): string {
  return lines
    .filter(({ box }) => meets(view, box))
    .flatMap((line) => partsWithin(view, pixelsOf(view, line)))
    .map((part) => drawn(thinned(part, tolerance)))
    .join('');
}

function meets({ box }: View, other: Box): boolean {
  return (
    other.left <= box.right &&
    other.right >= box.left &&
    other.top <= box.bottom &&
    other.bottom >= box.top
  );
}

function pixelsOf({ box, width }: View, { points }: Line): Pixel[] {
  const scale = width / (box.right - box.left);
  return Array.from({ length: points.length / 2 }, (_, index) => [
    ((points[index * 2] ?? 0) - box.left) * scale,
    ((points[index * 2 + 1] ?? 0) - box.top) * scale,
  ]);
}

/** Sutherland and Hodgman's cut of a ring to the picture, one edge after the other. */
function clipped({ width, height }: View, ring: readonly Pixel[]): Pixel[] {
  const edges: readonly [axis: 0 | 1, sign: 1 | -1, at: number][] = [
    [0, 1, -overhang],
    [0, -1, width + overhang],
    [1, 1, -overhang],
    [1, -1, height + overhang],
  ];
  let points = [...ring];
  for (const [axis, sign, at] of edges) {
    const inside = (point: Pixel) => (point[axis] - at) * sign >= 0;
    const cut: Pixel[] = [];
    let before = points.at(-1);
    for (const point of points) {
      if (before !== undefined && inside(before) !== inside(point)) {
        const part = (at - before[axis]) / (point[axis] - before[axis]);
        cut.push([
          before[0] + (point[0] - before[0]) * part,
          before[1] + (point[1] - before[1]) * part,
        ]);
      }
      if (inside(point)) cut.push(point);
      before = point;
    }
    points = cut;
  }
  return points;
}

function partsWithin({ width, height }: View, line: readonly Pixel[]): Pixel[][] {
  const parts: Pixel[][] = [];
  let part: Pixel[] = [];
  for (const [index, point] of line.entries()) {
    const before = line[index - 1];
    const near =
      before !== undefined &&
      Math.min(before[0], point[0]) <= width + overhang &&
      Math.max(before[0], point[0]) >= -overhang &&
      Math.min(before[1], point[1]) <= height + overhang &&
      Math.max(before[1], point[1]) >= -overhang;
    if (near) {
      if (part.length === 0) part.push(before);
      part.push(point);
    } else if (part.length > 0) {
      parts.push(part);
      part = [];
    }
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** Without the vertices that the eye cannot tell from the line without them (Douglas and Peucker). */
function thinned(points: readonly Pixel[], tolerance: number): Pixel[] {
  const apart = points.filter((point, index) => {
    const before = points[index - 1];
    return before === undefined || point[0] !== before[0] || point[1] !== before[1];
  });
  const kept = new Uint8Array(apart.length).fill(1, 0, 1);
  kept[apart.length - 1] = 1;
  const open: [first: number, last: number][] = [[0, apart.length - 1]];
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const [first, last] = span;
    const [start, end] = [apart[first], apart[last]];
    if (start === undefined || end === undefined) continue;
    let [farthest, most] = [0, tolerance];
    for (let index = first + 1; index < last; index += 1) {
      const off = distanceTo(start, end, apart[index] ?? start);
      if (off > most) [farthest, most] = [index, off];
    }
    if (farthest === 0) continue;
    kept[farthest] = 1;
    open.push([first, farthest], [farthest, last]);
  }
  return apart.filter((_, index) => kept[index] === 1);
}

/** From a point to the line between two others; where these are one, to it. */
function distanceTo([x1, y1]: Pixel, [x2, y2]: Pixel, [x, y]: Pixel): number {
  const [wide, high] = [x2 - x1, y2 - y1];
  const length = wide ** 2 + high ** 2;
  const along = length === 0 ? 0 : ((x - x1) * wide + (y - y1) * high) / length;
  const part = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x1 - part * wide, y - y1 - part * high);
}

function closed(points: readonly Pixel[]): string {
  const path = drawn(points);
  return path === '' ? '' : `${path}z`;
}

/** Relative steps of whole units: the shortest that path data can be. */
function drawn(points: readonly Pixel[]): string {
  const [start, ...others] = points.map(([x, y]) => [Math.round(x), Math.round(y)] as const);
  if (start === undefined) return '';
  let [x, y] = start;
  let steps = '';
  for (const [toX, toY] of others) {
    const [dx, dy] = [toX - x, toY - y];
    if (dx === 0 && dy === 0) continue;
    // A minus sign parts two numbers as well as a space does.
    steps += `${steps === '' || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
    [x, y] = [toX, toY];
  }
  return steps === '' ? '' : `M${start.join(' ')}l${steps}`;
}
