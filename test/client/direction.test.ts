import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../helpers/atlas.ts';

const client = path.join(root, 'client');
const sheets = [
  ...readdirSync(client).flatMap((name) =>
    name.endsWith('.css') ? [path.join(client, name)] : [],
  ),
  path.join(root, 'server', 'html', 'style.css'),
];

/** What depends on the side of the page, and not on where a line begins and ends. */
const sided = [
  /^(?:left|right)$/,
  /^(?:margin|padding|border)-(?:left|right)\b/,
  /^border-(?:top|bottom)-(?:left|right)-radius$/,
];

test('styles follow the direction of writing, so that another needs only `dir`', () => {
  assert.ok(sheets.length > 5);
  for (const sheet of sheets) {
    // What moves MapLibre's corners, which it names by hand, may name them too.
    const rules = readFileSync(sheet, 'utf8').replace(/\[dir="rtl"\] #map[^}]*\}/g, '');
    for (const [, name = '', value = ''] of rules.matchAll(/^\s+([a-z-]+): ([^;{]+);/gm)) {
      const where = `${path.basename(sheet)}: ${name}: ${value}`;
      assert.ok(!sided.some((pattern) => pattern.test(name)), where);
      if (/^(?:text-align|float|clear)$/.test(name))
        assert.doesNotMatch(value, /left|right/, where);
      if (/^(?:margin|padding|inset)$/.test(name)) {
        const [, right, , left] = value.match(/\w+\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+/g) ?? [];
        assert.equal(left ?? right, right, where);
      }
    }
  }
});
