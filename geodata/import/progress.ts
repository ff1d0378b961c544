/** Milliseconds between two drawings of the line. */
const interval = 200;

/** What a moment of a run looks like; bytes as they lie on the disk, `total` where it is known. */
export interface Moment {
  readonly read: number;
  readonly bytes: number;
  readonly total: number | undefined;
  /** Milliseconds since the beginning. */
  readonly elapsed: number;
}

const barWidth = 24;

/** A run's progress in one line: how far, how fast, how long still. */
export function progressLine({ read, bytes, total, elapsed }: Moment): string {
  const rate = elapsed === 0 ? 0 : (read / elapsed) * 1000;
  const counted = `${read.toLocaleString('en')} records, ${Math.round(rate).toLocaleString('en')}/s`;
  if (total === undefined || total === 0) return counted;
  const share = Math.min(bytes / total, 1);
  const done = Math.round(share * barWidth);
  const bar = `[${'#'.repeat(done)}${'.'.repeat(barWidth - done)}] ${Math.floor(share * 100)}%`;
  if (share === 0 || share === 1) return `${bar} ${counted}`;
  const left = Math.round((elapsed / share - elapsed) / 1000);
  const minutes = Math.floor(left / 60);
  return `${bar} ${counted}, ${minutes === 0 ? '' : `${minutes} min `}${left % 60} s left`;
}

/** Draws progress over itself on a terminal, and is silent elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  readonly #started = Date.now();
  #drawn = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  draw(moment: Omit<Moment, 'elapsed'>): void {
    const now = Date.now();
    if (!this.#out.isTTY || now - this.#drawn < interval) return;
    this.#drawn = now;
    this.#out.write(`\r\u001b[K${progressLine({ ...moment, elapsed: now - this.#started })}`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
