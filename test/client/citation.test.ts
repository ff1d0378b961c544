import assert from 'node:assert/strict';
import { test } from 'node:test';
import { citation, embedCode } from '../../client/citation.ts';
import { incident } from './fixtures.ts';

const cited = {
  incident: incident({ title: 'Strike on {A&B} "works", 100%' }),
  origin: 'https://atlas.example',
  accessed: '2026-11-23',
};
const address =
  'https://atlas.example/api/collections/incidents/items/2025-08-05-lozova?as_of=2026-11-20T10%3A00%3A00.123456%2B00%3A00';

test('text names the incident, the state of the record and the day of reading', () => {
  const text = citation('plain', cited);
  assert.ok(
    text.includes('Incident 2025-08-05-lozova, record of 2026-11-20T10:00:00.123456+00:00'),
  );
  assert.ok(text.includes(`${address} (accessed 2026-11-23).`));
});

test('BibTeX holds no character of its own by accident', () => {
  const text = citation('bibtex', cited);
  assert.ok(text.startsWith('@misc{strike-atlas-2025-08-05-lozova,'));
  assert.ok(text.includes('title        = {Strike on A\\&B "works", 100\\%}'));
  assert.equal(text.split('{').length, text.split('}').length);
});

test('CSL-JSON is JSON', () => {
  const [item] = JSON.parse(citation('csl', cited));
  assert.equal(item.URL, address);
  assert.deepEqual(item.issued, { 'date-parts': [[2026, 11, 20]] });
  assert.deepEqual(item.accessed, { 'date-parts': [[2026, 11, 23]] });
  assert.equal(item.title, cited.incident.properties.title);
});

test('a frame carries the title as text', () => {
  assert.match(embedCode(cited), /title="Strike on \{A&amp;B\} &quot;works&quot;, 100%"/);
});
