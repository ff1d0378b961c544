/** The part of the `edtf` package (ISO 8601-2 parser, no types of its own) that is used here. */
declare module 'edtf' {
  /** A parsed date, interval or set; its bounds in milliseconds since the Unix epoch, UTC. */
  export interface ExtendedDate {
    readonly min: number;
    readonly max: number;
  }
  /** @throws {Error} where the text is no EDTF. */
  export default function edtf(text: string): ExtendedDate;
}
