/** Names on the server's picture of the first view: where the map puts them, as far as can be told. */

import type { Language } from '../../../client/text/index.ts';
import type { Label } from '../map/basemap.ts';
import type { Pixel } from '../map/view.ts';
import type { Level } from './frame.ts';

/** Middle, width and height, px. */
export interface Room {
  readonly at: Pixel;
  readonly width: number;
  readonly height: number;
}

/** A text at a place: shifted from it, and from there on, up to there, or about it. */
export interface Text {
  readonly kind: Label['kind'] | 'claim';
  readonly lines: readonly string[];
  readonly size: number;
  readonly at: Pixel;
  /** From the place to where the text is anchored, px. */
  readonly shift: Pixel;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Size of a town's dot to the usual one; 0 where there is none. */
  readonly dot: number;
  readonly isFaint: boolean;
}

/** Value at a zoom between stops, as a style's `interpolate` has it. */
export function between(zoom: number, ...stops: readonly (readonly [number, number])[]): number {
  const next = stops.findIndex(([at]) => at > zoom);
  const [to, from] = [stops.at(next), next > 0 ? stops[next - 1] : undefined];
  if (to === undefined) return 0;
  if (next === -1) return stops.at(-1)?.[1] ?? 0;
  if (from === undefined) return to[1];
  return from[1] + ((zoom - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
}

interface Size {
  readonly ends: readonly [number, number];
  readonly from: number;
}

// As `client/map/basemap.ts` has them, by rank.
const townZooms = [3, 4.2, 5.2, 6.2, 7.1, 8.2, 9.2] as const;
const townSizes: readonly Size['ends'][] = [
  [12, 18],
  [11, 16],
  [10, 14.5],
  [10, 13],
  [10, 12],
  [10, 11],
];
const townDots = [1.35, 1.1, 0.95, 0.8] as const;
const countryZooms: Readonly<Record<number, number>> = { 1: 2, 2: 3 };
const countrySizes: Readonly<Record<number, Size['ends']>> = { 1: [11, 19], 2: [9.5, 15] };

/** Width of a letter to its size, roughly. */
const letter = { town: 0.57, country: 0.7 + 0.22, sea: 0.58 + 0.14, claim: 0.5 } as const;
const lineHeight = 1.25;

/** Where a town's name may be, in parts of its size: the farther, where a symbol covers the nearer. */
const townShifts: readonly (readonly [Text['anchor'], number, number])[] = [
  ['start', 0.55, 0],
  ['end', -0.55, 0],
  ['start', 1.5, 0],
  ['end', -1.5, 0],
  ['middle', 0, 2.05],
  ['middle', 0, -2.05],
];

const claimShifts: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [0, 2],
  [0, -2],
  [2, 0],
  [-2, 0],
];

/** Names that the zoom shows and that find room beside what is taken already. */
export class Labels {
  readonly texts: Text[] = [];
  readonly #taken: Room[];
  /** Of the tiles, by which the map decides what is named; sizes go by the zoom itself. */
  readonly #z: number;
  readonly #zoom: number;
  readonly #place: (position: readonly number[]) => Pixel;

  constructor(
    { z, zoom }: Level,
    place: (position: readonly number[]) => Pixel,
    taken: readonly Room[],
  ) {
    this.#z = z;
    this.#zoom = zoom;
    this.#place = place;
    this.#taken = [...taken];
  }

  /** Labels of claims dodge what they can, and are never left out. */
  addClaim(position: readonly number[], text: string): void {
    const size = between(this.#zoom, [4.3, 9.5], [5.5, 11], [8, 12.5]);
    const lines = wrapped(text, 16 / letter.claim);
    const room = roomOf(lines, size, letter.claim);
    const at = this.#place(position);
    const shifts = claimShifts.map(
      ([right, down]): Pixel => [
        right === 0 ? 0 : right * 1.8 * size + (Math.sign(right) * room.width) / 2,
        down === 0 ? 0 : down * 1.8 * size + (Math.sign(down) * room.height) / 2,
      ],
    );
    const free = shifts.find((shift) => this.#isFree({ ...room, at: moved(at, shift) }));
    this.#take('claim', lines, size, at, free ?? [0, 0], 'middle', room);
  }

  /** The more important first. */
  add(labels: readonly Label[], language: Language): void {
    const shown = labels.filter(({ kind, rank }) => this.#isShown(kind, rank));
    const order = ['country', 'town', 'sea'];
    for (const label of shown.toSorted(
      (one, other) =>
        order.indexOf(one.kind) - order.indexOf(other.kind) || other.population - one.population,
    )) {
      this.#add(label, label.names[language]);
    }
  }

  #isShown(kind: Label['kind'], rank: number): boolean {
    switch (kind) {
      case 'town':
        return this.#z >= (townZooms[rank] ?? 9.2);
      case 'country':
        return this.#z < 7.5 && this.#z >= (countryZooms[rank] ?? 4.2);
      case 'sea':
        return true;
    }
  }

  #add({ kind, rank, position }: Label, name: string): void {
    const at = this.#place(position);
    if (kind === 'town') {
      const [near, far] = townSizes[rank] ?? [10, 11];
      const size = between(this.#zoom, [4, near], [9, far]);
      const room = roomOf([name], size, letter.town);
      for (const [anchor, right, down] of townShifts) {
        const shift: Pixel = [right * size, down * size];
        const aside = anchor === 'middle' ? 0 : ((anchor === 'start' ? 1 : -1) * room.width) / 2;
        const place = moved(moved(at, shift), [aside, 0]);
        if (!this.#isFree({ ...room, at: place })) continue;
        this.#take(kind, [name], size, at, shift, anchor, { ...room, at: place }, rank);
        return;
      }
      return;
    }
    const [near, far] = countrySizes[rank] ?? [8.5, 12];
    const size =
      kind === 'sea'
        ? between(this.#zoom, [3, 11], [7, 17])
        : between(this.#zoom, [3, near], [7, far]);
    const text = kind === 'sea' ? name : name.toLocaleUpperCase('uk');
    const lines = wrapped(text, (kind === 'sea' ? 7 : 9) / letter[kind]);
    const room = roomOf(lines, size, letter[kind]);
    if (this.#isFree({ ...room, at })) this.#take(kind, lines, size, at, [0, 0], 'middle', room);
  }

  #take(
    kind: Text['kind'],
    lines: readonly string[],
    size: number,
    at: Pixel,
    shift: Pixel,
    anchor: Text['anchor'],
    room: Omit<Room, 'at'> & Partial<Room>,
    rank?: number,
  ): void {
    this.#taken.push({ ...room, at: room.at ?? moved(at, shift) });
    const dot = rank === undefined ? 0 : (townDots[rank] ?? 0.8);
    this.texts.push({ kind, lines, size, at, shift, anchor, dot, isFaint: (rank ?? 0) > 2 });
  }

  #isFree(room: Room): boolean {
    return !this.#taken.some(
      ({ at: [x, y], width, height }) =>
        Math.abs(x - room.at[0]) < (width + room.width) / 2 &&
        Math.abs(y - room.at[1]) < (height + room.height) / 2,
    );
  }
}

function moved([x, y]: Pixel, [right, down]: Pixel): Pixel {
  return [x + right, y + down];
}

function roomOf(lines: readonly string[], size: number, width: number): Omit<Room, 'at'> {
  const longest = Math.max(...lines.map(({ length }) => length));
  return { width: longest * width * size + 4, height: lines.length * lineHeight * size };
}

/** Lines of about equal length, none longer than `most` letters where words allow. */
function wrapped(text: string, most: number): string[] {
  return text.split('\n').flatMap((part) => {
    const count = Math.ceil(part.length / most);
    const aim = part.length / count;
    const lines: string[] = [];
    for (const word of part.split(' ')) {
      const last = lines.at(-1);
      const isRoomy =
        last !== undefined &&
        last.length + word.length / 2 < aim &&
        last.length + word.length < most + 1;
      if (isRoomy) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  });
}
