import type { Position } from 'geojson';

/** A point in units of the picture: x to the right, y down. */
export type Pixel = readonly [x: number, y: number];

/** A box on the Web Mercator square of side 1: west and north edge, east and south edge. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What part of the Earth a picture shows, north up, in Web Mercator. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
  /** From longitude and latitude to the picture. */
  readonly place: (position: Position) => Pixel;
  /** Units of the picture for a metre on the ground at a latitude. */
  readonly unitsPerMetre: (latitude: number) => number;
}

const circumference = 2 * Math.PI * 6_378_137;
const maxLatitude = 85;

/** Longitude and latitude on the square of side 1, (0, 0) in the north-west. */
export function mercator([longitude = 0, latitude = 0]: Position): Pixel {
  const clamped = Math.max(-maxLatitude, Math.min(maxLatitude, latitude));
  const angle = (clamped * Math.PI) / 180;
  return [longitude / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / (2 * Math.PI)];
}

/** A position with a radius around it, metres. */
export interface Spot {
  readonly position: Position;
  readonly radius: number;
}

/** Part of the picture that is left free on every side of what it shows. */
const margin = 0.08;

/**
 * The view that holds all spots with room around them, and shows at least `least` metres from side
 * to side.
 */
export function viewOf(
  spots: readonly Spot[],
  { width, height, least }: { width: number; height: number; least: number },
): View {
  const around = spots.map(({ position, radius }) => {
    const [x, y] = mercator(position);
    const reach = radius * scaleAt(position[1] ?? 0);
    return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
  });
  const held = around.reduce(
    (box, next) => ({
      left: Math.min(box.left, next.left),
      top: Math.min(box.top, next.top),
      right: Math.max(box.right, next.right),
      bottom: Math.max(box.bottom, next.bottom),
    }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );
  const [x, y] = [(held.left + held.right) / 2, (held.top + held.bottom) / 2];
  const leastAcross = least * scaleAt(latitudeOf(y));
  const across = Math.max(
    leastAcross,
    (held.right - held.left) / (1 - 2 * margin),
    ((held.bottom - held.top) / (1 - 2 * margin)) * (width / height),
  );
  const down = across * (height / width);
  const box = {
    left: x - across / 2,
    top: y - down / 2,
    right: x + across / 2,
    bottom: y + down / 2,
  };
  return viewAt(box, width);
}

/** The view of a box, so many units wide. */
export function viewAt(box: Box, width: number): View {
  const across = box.right - box.left;
  return {
    width,
    height: ((box.bottom - box.top) / across) * width,
    box,
    place: (position) => {
      const [px, py] = mercator(position);
      return [((px - box.left) / across) * width, ((py - box.top) / across) * width];
    },
    unitsPerMetre: (latitude) => (scaleAt(latitude) / across) * width,
  };
}

/** Side of the square of side 1 for a metre on the ground. */
function scaleAt(latitude: number): number {
  return 1 / (circumference * Math.cos((latitude * Math.PI) / 180));
}

/** Latitude of a height on the square of side 1. */
export function latitudeOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}
