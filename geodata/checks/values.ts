import type { Qualifier } from '../../server/domain/vocabulary.ts';

/** Why bounds do not agree with each other or with the qualifier; no reason where they do. */
export function rangeReasons(
  lowest: number | null,
  highest: number | null,
  qualifier: Qualifier | null,
): string[] {
  if (lowest !== null && highest !== null && lowest > highest) {
    return [`has a lowest value, ${lowest}, above its highest, ${highest}`];
  }
  const agrees = {
    exact: lowest !== null && lowest === highest,
    at_least: lowest !== null && highest === null,
    at_most: lowest === null && highest !== null,
    about: lowest !== null || highest !== null,
    range: lowest !== null && highest !== null && lowest < highest,
  };
  return qualifier !== null && agrees[qualifier]
    ? []
    : [`has qualifier ${qualifier}, which does not agree with ${lowest} to ${highest}`];
}

/** Those of the names that stand there more than once, once each. */
export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
