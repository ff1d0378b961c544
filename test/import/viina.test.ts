import assert from 'node:assert/strict';
import test from 'node:test';
import { sourceFiles } from '../../geodata/import/input.ts';
import { viina } from '../../geodata/import/viina.ts';
import { fixture, parsedBy } from './runs.ts';

async function recordsOf(...parts: string[]) {
  const files = await sourceFiles(
    parts.map((part) => fixture(`event_${part}_made_up.csv`)),
    { bytes: 0 },
  );
  const all = await parsedBy(viina, files);
  return all.toSorted((a, b) => a.line - b.line);
}

test("VIINA's events of a day carry their reports", async () => {
  const all = await recordsOf('1pd', 'info');
  const [first, second, third] = all.filter(({ file }) => file.includes('1pd'));
  assert.ok(first && 'incident' in first);
  const { incident } = first;
  assert.equal(incident.type, 'drone_strike');
  assert.equal(incident.attacker, 'RU');
  assert.equal(incident.time, '2031-03-05');
  assert.equal(incident.geonames_id, 706483);
  assert.deepEqual(
    incident.claims.map(({ text, source, reported_at }) => [text, source, reported_at]),
    [
      [
        'Made up for a test: one\u2028and a line break that is none',
        'https://news.example/made-up/1',
        '2031-03-05',
      ],
      ['Made up for a test: two', 'https://news.example/made-up/2', '2031-03-05'],
    ],
  );
  assert.deepEqual(
    incident.sources.map(({ language }) => language),
    ['uk', 'ru'],
  );
  assert.ok(second && 'incident' in second);
  assert.equal(second.incident.type, 'combined_strike');
  assert.equal(second.incident.type_source, 'viina:t_airstrike_b+t_artillery_b');
  assert.equal(second.incident.attacker, 'unknown');
  assert.deepEqual(second.incident.targets, ['medical']);
  assert.equal(second.incident.claims[0]?.text, 'Reports: 1; from invented.');
  assert.ok(third && 'refused' in third);
  assert.equal(third.kind, 'foreign');
  assert.deepEqual(first.repairs, [
    "text: invisible characters taken out of 'Made up for a test: two'",
  ]);
  assert.deepEqual(
    all.flatMap((parsed) =>
      'refused' in parsed && parsed.file.includes('info') ? [[parsed.line, parsed.refused]] : [],
    ),
    [
      [4, 'belongs to no event_id_1pd of these files'],
      [5, '5 cells under a heading of 23'],
    ],
  );
});

test("VIINA's reports are joined with their labels where no events of a day are given", async () => {
  const all = await recordsOf('info', 'labels');
  const [first, second] = all.filter(({ file }) => file.includes('info'));
  assert.ok(first && 'incident' in first);
  assert.equal(first.incident.record, 'report-11');
  assert.equal(first.incident.type, 'shelling');
  assert.equal(first.incident.attacker, 'UA');
  assert.ok(second && 'refused' in second);
  assert.equal(second.refused, 'not a strike: no label of one');
});

test('labels alone are refused as a whole', async () => {
  await assert.rejects(recordsOf('labels'), /event_labels alone/);
});
