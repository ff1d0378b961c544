/** A text made fit to store, and what had to be repaired in it. */
export interface CleanText {
  readonly text: string;
  readonly repair: string | null;
}

const invisible = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;
const strangeSpace = /(?![ \t\n\r])\p{Zs}/gu;
const plain = /^[ -~]*$/;

/** Whether a text has nothing that could need a repair. */
export const isPlain = (text: string): boolean => plain.test(text);

/**
 * Takes out what cannot be seen, and undoes a wrong decoding where that is certain: where the text,
 * written back in the wrong encoding, is flawless UTF-8 of several letters. Space at the ends goes
 * without a word.
 */
export function cleanText(given: string): CleanText {
  const trimmed = given.trim();
  if (isPlain(trimmed)) return { text: trimmed, repair: null };
  const decoded = decodedAnew(given);
  const text = (decoded ?? given)
    .replace(strangeSpace, ' ')
    .replace(invisible, '')
    .toWellFormed()
    .trim();
  if (decoded !== null) {
    return { text, repair: `wrongly decoded text '${short(trimmed)}' read as '${short(text)}'` };
  }
  if (text !== trimmed)
    return { text, repair: `invisible characters taken out of '${short(text)}'` };
  return { text, repair: null };
}

/** Whether a text shows signs of a wrong decoding that nothing can undo. */
export function isGarbled(text: string): boolean {
  return text.includes('\ufffd') || /[ÃÐÑ][\u0080-\u00bf]/.test(text);
}

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

/** 0x80 to 0x9F of windows-1252, written out: Node 20's decoder takes them for control characters. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const asWindows1252 = (byte: number): string =>
  windows1252[byte - 0x80] ?? String.fromCharCode(byte);

const cyrillic = new TextDecoder('windows-1251');
const asWindows1251 = (byte: number): string => cyrillic.decode(Uint8Array.of(byte));

/** For each wrong encoding, the byte that each of its characters stands for. */
const encodings = [asWindows1252, asWindows1251].map(
  (decode) => new Map(Array.from({ length: 256 }, (_, byte) => [decode(byte), byte] as const)),
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodedAnew(text: string): string | null {
  for (const bytes of encodings) {
    const encoded = Array.from(text, (character) => bytes.get(character));
    if (!encoded.every((byte) => byte !== undefined)) continue;
    try {
      const decoded = utf8.decode(Uint8Array.from(encoded));
      // One pair of bytes could be chance in a short word; two hardly, one Latin letter neither.
      const found = Array.from(decoded).filter((letter) => letter > '\x7f');
      if (found.length >= 2 || (found.length === 1 && /\p{Script=Latin}/u.test(found[0] ?? ''))) {
        return /[\u0080-\u009f]/.test(decoded) ? null : decoded;
      }
    } catch {
      // Not UTF-8: it is what it says.
    }
  }
  return null;
}
