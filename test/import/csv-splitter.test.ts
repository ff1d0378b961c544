import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { CsvSplitter } from '../../geodata/import/csv-splitter.ts';

/** The rows of a text that comes in pieces which end at these places. */
function split(text: string, ends: readonly number[] = []) {
  const splitter = new CsvSplitter(',');
  const rows: { line: number; cells: readonly string[] }[] = [];
  let from = 0;
  for (const end of ends) {
    rows.push(...splitter.rows(text.slice(from, end), false));
    from = end;
  }
  rows.push(...splitter.rows(text.slice(from), true));
  return rows;
}

const cellsOf = (text: string, ends?: readonly number[]) =>
  split(text, ends).map(({ cells }) => cells);

/** The same by another reader. */
function others(text: string): string[][] {
  return parse(text, {
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
}

/** Numbers below a limit, the same each time. */
function numbersFrom(seed: number) {
  let state = seed;
  return (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

test('cells, quotes, line ends and empty lines are read as another reader does, however the text is cut', () => {
  const letters = ['a', 'є', ',', ',', '"', '"', '\n', '\r', '\r\n', ' '];
  const below = numbersFrom(7);
  let compared = 0;
  for (let n = 0; n < 40_000; n += 1) {
    const text = Array.from({ length: below(14) }, () => letters[below(letters.length)]).join('');
    let expected: string[][];
    try {
      expected = others(text);
    } catch {
      assert.throws(() => cellsOf(text), RangeError, JSON.stringify(text));
      continue;
    }
    compared += 1;
    assert.deepEqual(cellsOf(text), expected, JSON.stringify(text));
    const ends = Array.from({ length: text.length }, (_, at) => at).filter(() => below(3) === 0);
    assert.deepEqual(cellsOf(text, ends), expected, `${JSON.stringify(text)} cut at ${ends}`);
  }
  assert.ok(compared > 20_000, `${compared} texts`);
});

test('a row has the line on which it begins', () => {
  const text = 'a\r\n\r\n"b\r\nb","\n"\nc\r"d\rd"\n\n\ne';
  assert.deepEqual(
    split(text).map(({ line, cells }) => [line, cells[0]]),
    [
      [1, 'a'],
      [3, 'b\r\nb'],
      [6, 'c'],
      [7, 'd\rd'],
      [11, 'e'],
    ],
  );
});

test('a quote that never closes ends the reading, at once where the file is large', () => {
  assert.throws(() => cellsOf('a,b\n"c,d\n'), /not closed/);
  const splitter = new CsvSplitter(',');
  const line = `${'x'.repeat(99_999)}\n`;
  let pieces = 0;
  assert.throws(() => {
    for (; pieces < 100; pieces += 1) Array.from(splitter.rows(pieces === 0 ? '"' : line, false));
  }, /is a quote open/);
  assert.equal(pieces, 40);
});
