import { createHash } from 'node:crypto';

/**
 * Ids that were met, 8 to 32 bytes each however long they are: fingerprints of 53 bits, of which a
 * million have one chance in 18,000 that any two are alike.
 */
export class RecordSet {
  #size = 0;
  /** Open addressing; 0 is a free slot. */
  #slots = new Float64Array(1_024);

  add(record: string): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const print = fingerprint(record);
    const slot = slotOf(this.#slots, print);
    if (this.#slots[slot] === print) return;
    this.#slots[slot] = print;
    this.#size += 1;
  }

  has(record: string): boolean {
    const print = fingerprint(record);
    return this.#slots[slotOf(this.#slots, print)] === print;
  }

  #grow(): void {
    const slots = new Float64Array(this.#slots.length * 2);
    for (const print of this.#slots) if (print !== 0) slots[slotOf(slots, print)] = print;
    this.#slots = slots;
  }
}

function fingerprint(record: string): number {
  const digest = createHash('sha256').update(record).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) % 32) + 1;
}

/** Where a fingerprint is, or the free slot where it belongs. */
function slotOf(slots: Float64Array, print: number): number {
  let slot = print % slots.length;
  while (slots[slot] !== 0 && slots[slot] !== print) slot = (slot + 1) % slots.length;
  return slot;
}
