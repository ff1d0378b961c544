import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../../client/text/en.ts';
import { preferredLanguage } from '../../client/text/index.ts';
import { uk } from '../../client/text/uk.ts';

/** Every text of a table by its path; functions are called with sample words. */
function texts(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const here = `${path}.${name}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') return [[here, String(value(7, 8, 9))]];
    return typeof value === 'object' && value !== null ? texts(value, here) : [];
  });
}

test('both languages have the same texts', () => {
  const paths = (table: object) => texts(table).map(([path]) => path);
  assert.deepEqual(paths(uk), paths(en));
});

test('nothing is left in English by mistake', () => {
  const same = new Map(texts(en));
  const wordless = /^[^a-z]*$|ISO|Strike Atlas|English|GeoJSON|BibTeX|CSL-JSON/;
  const alike = texts(uk).filter(([path, text]) => same.get(path) === text && !wordless.test(text));
  assert.deepEqual(alike, []);
});

test('the language is the first preferred that there is, else English', () => {
  const cases: [string[], string][] = [
    [['uk-UA', 'en'], 'uk'],
    [['ru', 'uk'], 'uk'],
    [['de', 'en-US'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ];
  for (const [preferred, language] of cases) assert.equal(preferredLanguage(preferred), language);
});
