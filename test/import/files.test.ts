import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sourceFiles } from '../../geodata/import/input.ts';
import { RecordSet } from '../../geodata/import/record-set.ts';
import { cleanText } from '../../geodata/import/text.ts';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import { fileOf, parsedBy } from './runs.ts';

const heading =
  'id,type_of_violence,where_prec,date_prec,date_start,date_end,latitude,longitude,country,where_coordinates,source_headline,best,high,low';
const row = (id: number, headline = 'Made up', day = '2031-03-05') =>
  `${id},1,1,1,${day},${day},49.9,36.2,Ukraine,Exampleville,${headline},2,5,1`;

/** What became of each record: its id, or the reason of its refusal. */
async function outcome(content: string | Uint8Array): Promise<string[]> {
  const parsed = await parsedBy(ucdpGed, [fileOf(content)]);
  return parsed.map((each) => ('incident' in each ? each.incident.record : each.refused));
}

test('line ends of every kind, a mark in front, no end at the end, long texts and quoted lines', async () => {
  const rows = [
    `${row(1)}\r\n`,
    `${row(2, '"two\r\nlines and ""quotes"""')}\n`,
    `${row(3, 'x'.repeat(4_000))}\r`,
    row(4),
  ];
  const parsed = await parsedBy(ucdpGed, [fileOf(`\ufeff${heading}\r\n${rows.join('')}`)]);
  assert.deepEqual(
    parsed.map((each) => ('incident' in each ? each.incident.summary.length : each.refused)),
    [7, 'two\r\nlines and "quotes"'.length, 4_000, 7],
  );
  assert.deepEqual(
    parsed.map(({ line }) => line),
    [2, 3, 5, 6],
  );
});

test('columns without a name may be several; one that is needed may not come twice', async () => {
  assert.deepEqual(await outcome(`${heading},,\n${row(1)},,\n`), ['1']);
  await assert.rejects(outcome(`${heading},ID\n${row(1)},2\n`), /has id twice/);
  assert.deepEqual(await outcome(`${heading}\n${row(1)},more\n${row(2)}\n`), [
    '15 cells under a heading of 14',
    '2',
  ]);
});

test('an empty file is refused, and so is one that is none of its kind', async () => {
  await assert.rejects(outcome(''), /is empty/);
  await assert.rejects(outcome(Uint8Array.from({ length: 4_096 }, (_, n) => n % 256)), /no column/);
});

test('an archive that is cut gives what it has, and says that the rest is missing', async (context) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'strike-atlas-import-'));
  context.after(() => rm(directory, { recursive: true }));
  const rows = Array.from({ length: 5_000 }, (_, n) => row(n, String((n * 7_919) % 100_003)));
  const packed = gzipSync(`${heading}\n${rows.join('\n')}\n`);
  const cut = path.join(directory, 'cut.csv.gz');
  await writeFile(cut, packed.subarray(0, packed.length / 2));
  const parsed = await parsedBy(ucdpGed, await sourceFiles([cut], { bytes: 0 }));
  const last = parsed.at(-1);
  assert.ok(last !== undefined && 'refused' in last);
  assert.match(last.refused, /^not readable from here to the end of the file: /);
  assert.equal(last.kind, 'faulty');
  assert.ok(parsed.slice(0, -1).every((each) => 'incident' in each));

  const other = path.join(directory, 'other.csv.gz');
  await writeFile(other, 'no archive');
  await assert.rejects(
    parsedBy(ucdpGed, await sourceFiles([other], { bytes: 0 })),
    /other\.csv\.gz: incorrect header check/,
  );
  const zip = path.join(directory, 'bad.zip');
  await writeFile(zip, 'PK\x03\x04 and nothing else');
  await assert.rejects(sourceFiles([zip], { bytes: 0 }), /bad\.zip: /);
});

test('a text that was decoded wrongly is read again where that is certain', () => {
  const wrongly = (text: string, encoding: string) =>
    new TextDecoder(encoding).decode(Buffer.from(text));
  assert.equal(cleanText(wrongly('Харків', 'windows-1251')).text, 'Харків');
  // Written out: the decoder of Node 20 is wrong itself.
  assert.equal(cleanText('Ð\u009aÐ¸Ñ—Ð²'.replace('\u009a', 'š')).text, 'Київ');
  assert.equal(cleanText('ZaporiÅ¾Å¾ia').text, 'Zaporižžia');
  assert.equal(cleanText('Kyïv').text, 'Kyïv');
});

test('ids that were met are known again, however many', () => {
  const records = new RecordSet();
  for (let n = 0; n < 5_000; n += 1) records.add(`made-up-${n}`);
  for (let n = 0; n < 5_000; n += 1) assert.ok(records.has(`made-up-${n}`));
  for (let n = 5_000; n < 10_000; n += 1) assert.ok(!records.has(`made-up-${n}`));
});
