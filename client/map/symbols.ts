/** Draws the map's images: symbols, clusters and patterns, in the colours of a theme. */

import { type IncidentType, incidentTypeCodes } from '../../server/domain/vocabulary.ts';
import { clusterSizes } from './measures.ts';
import { shapes } from './shapes.ts';
import type { Theme } from './theme.ts';

/**
 * Names of the images that {@link drawImage} knows how to draw. A theme is no part of them: the map
 * gets the same images in other colours at once, where other images would have to be laid out anew.
 */
export const imageName = {
  type: (type: string) => `type:${type}`,
  area: (type: string) => `area:${type}`,
  /** `mix` is the step of the size, a colon, and a share per type in the closed list's order, with commas. */
  mix: (mix: string) => `mix:${mix}`,
  areaMix: 'areamix',
  hatch: 'hatch',
  dots: 'dots',
  town: 'town',
} as const;

export interface DrawnImage {
  readonly data: ImageData;
  /** Device pixels for a pixel of the style. */
  readonly pixelRatio: number;
}

const pixelRatio = 2;

/** Draws the image of a name from {@link imageName}; `null` when it is none of them. */
export function drawImage(name: string, theme: Theme): DrawnImage | null {
  const [kind, detail = '', shares = ''] = name.split(':');
  switch (kind) {
    case 'type':
      return drawn(26, (context) => drawType(context, theme, typeOf(detail)));
    case 'area':
      return drawn(30, (context) => drawArea(context, theme, typeOf(detail)));
    case 'mix':
      return drawn(clusterSizes[Number(detail)] ?? clusterSizes[0], (context, size) =>
        drawMix(context, theme, shares, size),
      );
    case 'areamix':
      return drawn(34, (context, size) => drawAreaMix(context, theme, size));
    case 'hatch':
      return drawn(10, (context, size) => drawHatch(context, theme, size));
    case 'dots':
      return drawn(8, (context) => drawDots(context, theme));
    case 'town':
      return drawn(8, (context) => drawTown(context, theme));
    default:
      return null;
  }
}

function typeOf(code: string): IncidentType {
  return incidentTypeCodes.find((each) => each === code) ?? 'other';
}

type Context = OffscreenCanvasRenderingContext2D;

function drawn(size: number, draw: (context: Context, size: number) => void): DrawnImage | null {
  const pixels = size * pixelRatio;
  // Read back once drawn: a canvas in the graphics card's memory would stall for each image.
  const context = new OffscreenCanvas(pixels, pixels).getContext('2d', {
    willReadFrequently: true,
  });
  if (context === null) return null;
  context.scale(pixelRatio, pixelRatio);
  draw(context, size);
  return { data: context.getImageData(0, 0, pixels, pixels), pixelRatio };
}

function shapeAt(context: Context, type: IncidentType, offset: number, scale: number): Path2D {
  const path = new Path2D();
  path.addPath(new Path2D(shapes[type]), new DOMMatrix([scale, 0, 0, scale, offset, offset]));
  context.lineJoin = 'round';
  return path;
}

/** A filled shape in a casing that keeps it apart from whatever lies beneath. */
function drawType(context: Context, theme: Theme, type: IncidentType): void {
  const path = shapeAt(context, type, 3.4, 0.8);
  context.strokeStyle = theme.map.casing;
  context.lineWidth = 4;
  context.stroke(path);
  context.fillStyle = theme.types[type];
  context.fill(path, 'evenodd');
}

/** A hollow shape in a broken ring: an area, not a point. */
function drawArea(context: Context, theme: Theme, type: IncidentType): void {
  context.beginPath();
  context.arc(15, 15, 12.5, 0, 2 * Math.PI);
  context.fillStyle = withAlpha(theme.map.casing, 0.82);
  context.fill();
  context.setLineDash([3.2, 2.9]);
  context.strokeStyle = theme.types[type];
  context.lineWidth = 1.6;
  context.stroke();
  context.setLineDash([]);
  const path = shapeAt(context, type, 15 - 12 * 0.5, 0.5);
  context.lineWidth = 1.5;
  context.stroke(path);
}

function counts(mix: string): { type: IncidentType; count: number }[] {
  const numbers = mix.split(',').map(Number);
  return incidentTypeCodes
    .map((type, index) => ({ type, count: numbers[index] ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** A face for the number, in a ring whose parts are the types. */
function drawMix(context: Context, theme: Theme, mix: string, size: number): void {
  const parts = counts(mix);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const centre = size / 2;
  const radius = centre - 3.2;
  context.beginPath();
  context.arc(centre, centre, centre - 0.5, 0, 2 * Math.PI);
  context.fillStyle = theme.map.casing;
  context.fill();
  context.lineWidth = 3.4;
  const gap = parts.length > 1 ? 0.14 : 0;
  let angle = -Math.PI / 2;
  for (const { type, count } of parts) {
    const next = angle + (count / total) * 2 * Math.PI;
    context.beginPath();
    context.arc(centre, centre, radius, angle + gap / 2, Math.max(angle + gap, next - gap / 2));
    context.strokeStyle = theme.types[type];
    context.stroke();
    angle = next;
  }
}

/** The face of several incidents known to the same area: a broken ring. */
function drawAreaMix(context: Context, theme: Theme, size: number): void {
  context.beginPath();
  context.arc(size / 2, size / 2, size / 2 - 2, 0, 2 * Math.PI);
  context.fillStyle = withAlpha(theme.map.casing, 0.86);
  context.fill();
  context.setLineDash([3.2, 2.9]);
  context.lineWidth = 1.8;
  context.strokeStyle = theme.map.area;
  context.stroke();
}

/** Diagonal lines that meet across the tile's edges. */
function drawHatch(context: Context, theme: Theme, size: number): void {
  context.strokeStyle = withAlpha(theme.map.claim, 0.5);
  context.lineWidth = 1;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift, size);
    context.lineTo(shift + size, 0);
    context.stroke();
  }
}

function drawDots(context: Context, theme: Theme): void {
  context.fillStyle = withAlpha(theme.map.area, 0.55);
  for (const [x, y] of [
    [2, 2],
    [6, 6],
  ] as const) {
    context.beginPath();
    context.arc(x, y, 0.8, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawTown(context: Context, theme: Theme): void {
  context.beginPath();
  context.arc(4, 4, 1.9, 0, 2 * Math.PI);
  context.fillStyle = theme.map.town;
  context.fill();
  context.strokeStyle = theme.map.halo;
  context.stroke();
}

/** A colour `#rrggbb` with an opacity from 0 to 1. */
export function withAlpha(hex: string, alpha: number): string {
  return `${hex}${Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
