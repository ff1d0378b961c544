/** Where the map looks first, as far as the server can know it: the reader's screen decides the rest. */

import { closest, homeMargin } from '../../../client/map/camera.ts';
import type { View as Camera } from '../../../client/state.ts';
import type { Bbox } from '../../domain/bbox.ts';
import { type Box, mercator, type Pixel } from '../map/view.ts';

/** What is drawn for the screens on which the map asks for tiles of one zoom. */
export interface Level {
  readonly z: number;
  /** The map's own zoom on the most common of these screens, which sizes are taken from. */
  readonly zoom: number;
  /** What those screens show. */
  readonly cover: Box;
}

export interface Frame {
  /** What fills the map; of a map of one scale, a box of {@link fixedSide} pixels in its middle. */
  readonly box: Box;
  /** Whether the address names the scale; else the box fits the screen. */
  readonly isFixed: boolean;
  /** Zoom at which the map goes no closer. */
  readonly deepest: number;
  /** From the widest view to the closest. */
  readonly levels: readonly Level[];
}

/** Pixels a side of a zoom's world, for a zoom that need not be whole. */
export const worldAt = (zoom: number): number => 512 * 2 ** zoom;

export const fixedSide = 1000;

/** Widths and heights of the map on screens, the most common of each scale first, px. */
const screens: readonly Pixel[] = [
  [1072, 737],
  [390, 642],
  [656, 574],
  [1552, 917],
  [320, 260],
  [430, 730],
  [760, 860],
  [1000, 443],
  [1920, 900],
];

/** The widest view that is drawn: beyond it the map repeats the world. */
const leastZoom = 2.5;

/** The frame of a box that fills the map; null where the picture would reach beyond the world. */
export function frameOf([west, south, east, north]: Bbox): Frame | null {
  const [left, top] = mercator([west, north]);
  const [right, bottom] = mercator([east, south]);
  const box = { left, top, right, bottom };
  const zooms = screens.map((screen) => fitted(box, screen));
  // So small that every screen shows it from as near as the map goes by itself.
  if (zooms.every((zoom) => zoom === closest)) return fixedFrame(middleOf(box), closest);
  return framed(
    box,
    false,
    closest,
    screens.map((screen, index) => ({ screen, zoom: zooms[index] ?? closest })),
  );
}

/** The frame of a place and scale that an address names. */
export function frameAt({ zoom, latitude, longitude }: Camera, deepest: number): Frame | null {
  return fixedFrame(mercator([longitude, latitude]), Math.min(zoom, deepest));
}

function fixedFrame([x, y]: Pixel, zoom: number): Frame | null {
  const half = fixedSide / 2 / worldAt(zoom);
  const box = { left: x - half, top: y - half, right: x + half, bottom: y + half };
  return framed(
    box,
    true,
    zoom,
    screens.map((screen) => ({ screen, zoom })),
  );
}

interface Seen {
  readonly screen: Pixel;
  readonly zoom: number;
}

function framed(box: Box, isFixed: boolean, deepest: number, seen: readonly Seen[]): Frame | null {
  const [x, y] = middleOf(box);
  const views = seen
    .map(({ screen: [width, height], zoom }) => {
      const [half, high] = [width / 2 / worldAt(zoom), height / 2 / worldAt(zoom)];
      const cover = { left: x - half, top: y - high, right: x + half, bottom: y + high };
      return { z: Math.floor(zoom), zoom, cover };
    })
    .filter(
      ({ zoom, cover: { left, top, right, bottom } }) =>
        zoom >= leastZoom && Math.min(left, top) >= 0 && Math.max(right, bottom) <= 1,
    );
  const depths = [...new Set(views.map(({ z }) => z))].sort((one, other) => one - other);
  const levels = depths.flatMap((z): Level[] => {
    const [usual, ...others] = views.filter((each) => each.z === z);
    if (usual === undefined) return [];
    return [{ ...usual, cover: around([usual.cover, ...others.map(({ cover }) => cover)]) }];
  });
  return levels.length === 0 ? null : { box, isFixed, deepest, levels };
}

/** The zoom at which a box fills a screen, as the map itself fits it. */
function fitted({ left, top, right, bottom }: Box, [width, height]: Pixel): number {
  const across = (width - 2 * homeMargin) / (right - left);
  const down = (height - 2 * homeMargin) / (bottom - top);
  return Math.min(closest, Math.log2(Math.min(across, down) / 512));
}

function middleOf({ left, top, right, bottom }: Box): Pixel {
  return [(left + right) / 2, (top + bottom) / 2];
}

/**
 * Whether the map has a place in sight wherever it is opened, so that opening it there does not move
 * the map away from the picture.
 */
export function isSurelyInSight({ box, isFixed }: Frame, [x, y]: Pixel): boolean {
  // A phone that is opened on something shows little more than the middle of a fixed scale.
  const margin = isFixed ? 0.42 : 0.1;
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  return (
    x > box.left + margin * wide &&
    x < box.right - margin * wide &&
    y > box.top + margin * high &&
    y < box.bottom - margin * high
  );
}

/** The box around boxes. */
export function around(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}
