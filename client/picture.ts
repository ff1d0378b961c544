/** Draws the map as it stands with what it must carry when it travels alone, for a PNG. */

import { type IncidentType, incidentTypeCodes } from '../server/domain/vocabulary.ts';
import { drawImage, imageName } from './map/symbols.ts';
import type { Theme } from './map/theme.ts';
import type { Texts } from './text/index.ts';
import { distanceInWords } from './words.ts';

/** A copy of what the map shows, sizes in CSS pixels. */
export interface MapPicture {
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  /** At the middle of the map. */
  readonly metresPerPixel: number;
}

export interface PictureContent {
  readonly map: MapPicture;
  readonly theme: Theme;
  readonly t: Texts;
  /** What is shown, in words: the filter, or that there is none. */
  readonly heading: string;
  /** How many incidents, and the day on which the picture was made. */
  readonly facts: string;
  /** Types that the picture has symbols of. */
  readonly types: readonly IncidentType[];
  readonly claims: 'drawn' | 'hidden';
  /** The address of this view. */
  readonly address: string;
}

const fonts = {
  name: '600 13px "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif',
  heading: '600 21px Palatino, Georgia, "Noto Serif", "Liberation Serif", serif',
  text: '13px "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif',
  small: '11px "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif',
} as const;

/** Pixels between the edge and what is written. */
const margin = 18;

/** Narrower than this the words would have no room; the map is then set in the middle. */
const narrowest = 360;

/** The picture as a PNG, in the pixels of the screen that it was taken from. */
export async function drawPicture(content: PictureContent): Promise<Blob> {
  const { map, theme } = content;
  const width = Math.max(narrowest, map.width);
  // Laid out once to know how high it is, then drawn.
  const measured = layOut(new OffscreenCanvas(1, 1), content, width);
  const canvas = new OffscreenCanvas(
    Math.round(width * map.pixelRatio),
    Math.round(measured * map.pixelRatio),
  );
  const context = contextOf(canvas);
  context.scale(map.pixelRatio, map.pixelRatio);
  context.fillStyle = theme.panel.page;
  context.fillRect(0, 0, width, measured);
  layOut(canvas, content, width);
  return canvas.convertToBlob({ type: 'image/png' });
}

type Context = OffscreenCanvasRenderingContext2D;

function contextOf(canvas: OffscreenCanvas): Context {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('there is no 2D canvas');
  return context;
}

/** Draws everything from the top down; the height that it took. */
function layOut(canvas: OffscreenCanvas, content: PictureContent, width: number): number {
  const context = contextOf(canvas);
  const { map, theme, t, heading, facts, types, claims, address } = content;
  const { ink, muted } = theme.panel;
  const inner = width - 2 * margin;
  const write = (text: string, font: keyof typeof fonts, colour: string, y: number) =>
    paragraph(context, { text, font, colour, x: margin, y, width: inner });
  let y = write(t.app.name, 'name', theme.panel.accent, 12);
  y = write(heading, 'heading', ink, y + 2);
  y = write(facts, 'text', muted, y + 2) + 10;

  context.fillStyle = theme.map.sea;
  context.fillRect(0, y, width, map.height);
  context.drawImage(map.canvas, (width - map.width) / 2, y, map.width, map.height);
  drawScale(context, content, (width - map.width) / 2 + margin, y + map.height - 14);
  y += map.height + 12;

  const shares = incidentTypeCodes.map((type) => (types.includes(type) ? 1 : 0));
  const signs: readonly Sign[] = [
    ...types.map((type) => ({ image: imageName.type(type), words: t.types[type] })),
    { image: imageName.mix(`0:${shares.join(',')}`), words: t.legend.cluster },
    { image: imageName.dots, words: t.legend.area },
    ...(claims === 'hidden'
      ? []
      : [{ image: imageName.hatch, words: `${t.legend.claim}. ${t.legend.claimNote}` }]),
  ];
  y = legend(context, signs, { theme, x: margin, y, width: inner }) + 6;
  const { short: _, ...sources } = t.attribution;
  y = write(Object.values(sources).join('. '), 'small', muted, y);
  return write(address, 'small', muted, y + 2) + 12;
}

interface Paragraph {
  readonly text: string;
  readonly font: keyof typeof fonts;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Writes a text in lines that fit; where its last line ends. */
function paragraph(context: Context, { text, font, colour, x, y, width }: Paragraph): number {
  context.font = fonts[font];
  context.fillStyle = colour;
  context.textBaseline = 'top';
  const height = lineHeight(font);
  const lines = wrapped(text, width, (part) => context.measureText(part).width);
  for (const [index, line] of lines.entries()) context.fillText(line, x, y + index * height);
  return y + lines.length * height;
}

function lineHeight(font: keyof typeof fonts): number {
  return Math.round(1.35 * Number(/(\d+)px/.exec(fonts[font])?.[1] ?? 0));
}

/** A text in lines no wider than `width`; what has no spaces is broken anywhere. */
export function wrapped(
  text: string,
  width: number,
  measure: (part: string) => number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const letter of word) {
      if (line !== '' && measure(line + letter) > width) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return [...lines, line];
}

interface Sign {
  readonly image: string;
  readonly words: string;
}

/** Signs with their meaning, in as many rows as they need; where the last one ends. */
function legend(
  context: Context,
  signs: readonly Sign[],
  { theme, x, y, width }: Pick<Paragraph, 'x' | 'y' | 'width'> & { readonly theme: Theme },
): number {
  const size = 18;
  const gap = 16;
  let left = x;
  let top = y;
  /** Where the next row may begin. */
  let next = y;
  for (const { image, words } of signs) {
    context.font = fonts.text;
    const room = width - size - 6;
    const wide = Math.min(room, context.measureText(words).width);
    if (left > x && left + size + 6 + wide > x + width) {
      left = x;
      top = next;
    }
    drawSign(context, image, { theme, x: left, y: top, size });
    const end = paragraph(context, {
      text: words,
      font: 'text',
      colour: theme.panel.ink,
      x: left + size + 6,
      y: top + 1,
      width: room,
    });
    left += size + 6 + wide + gap;
    next = Math.max(next, top + size + 6, end + 6);
  }
  return next;
}

/** A symbol as large as the box; a pattern in it, with a frame. */
function drawSign(
  context: Context,
  name: string,
  { theme, x, y, size }: { theme: Theme; x: number; y: number; size: number },
): void {
  const image = drawImage(name, theme);
  if (image === null) return;
  const canvas = new OffscreenCanvas(image.data.width, image.data.height);
  contextOf(canvas).putImageData(image.data, 0, 0);
  if (name.startsWith(imageName.type('')) || name.startsWith(imageName.mix(''))) {
    // The image has room for the symbol's casing about it.
    context.drawImage(canvas, x - 4, y - 4, size + 8, size + 8);
    return;
  }
  const step = image.data.width / image.pixelRatio;
  context.save();
  context.beginPath();
  context.rect(x, y, size, size);
  context.clip();
  for (let left = x; left < x + size; left += step) {
    for (let top = y; top < y + size; top += step) context.drawImage(canvas, left, top, step, step);
  }
  context.restore();
  context.strokeStyle = context.fillStyle;
  context.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
}

/** A bar of a round length, which holds at the middle of the map. */
function drawScale(
  context: Context,
  { map, theme, t }: PictureContent,
  x: number,
  y: number,
): void {
  const metres = roundLength(110 * map.metresPerPixel);
  const long = metres / map.metresPerPixel;
  const words = distanceInWords(t, metres);
  const line = () => {
    context.beginPath();
    context.moveTo(x, y - 6);
    context.lineTo(x, y);
    context.lineTo(x + long, y);
    context.lineTo(x + long, y - 6);
    context.stroke();
  };
  context.strokeStyle = theme.map.halo;
  context.lineWidth = 5;
  line();
  context.strokeStyle = theme.map.label;
  context.lineWidth = 2;
  line();
  context.lineWidth = 1;
  context.font = fonts.small;
  context.textBaseline = 'bottom';
  context.lineJoin = 'round';
  context.strokeStyle = theme.map.halo;
  context.lineWidth = 3;
  context.strokeText(words, x + 4, y - 3);
  context.lineWidth = 1;
  context.fillStyle = theme.map.label;
  context.fillText(words, x + 4, y - 3);
}

/** The longest of 1, 2, 3 and 5 times a power of ten that is no longer than this. */
export function roundLength(longest: number): number {
  const power = 10 ** Math.floor(Math.log10(longest));
  const factor = [5, 3, 2, 1].find((each) => each * power <= longest) ?? 1;
  return factor * power;
}
