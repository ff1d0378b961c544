import assert from 'node:assert/strict';
import { test } from 'node:test';
import { citation, embedCode, placeOf } from '../../client/citation.ts';
import { readAddress } from '../../client/url.ts';
import { withParameter } from '../../server/domain/filter.ts';
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

test('a frame carries the title as text, and the place in the address', () => {
  const place = placeOf(cited.incident);
  const code = embedCode(
    { ...place, filter: withParameter({}, 'q', 'rail "A&B"'), theme: 'dark' },
    cited.incident.properties.title,
    cited.origin,
  );
  assert.match(code, /title="Strike on \{A&amp;B\} &quot;works&quot;, 100%"/);
  const [, source = ''] = /src="([^"]*)"/.exec(code) ?? [];
  const address = source.replaceAll('&amp;', '&').replace(cited.origin, '');
  assert.ok(address.startsWith('/embed?q=rail%20%22A%26B%22&map=8.5'), address);
  const read = readAddress(address).place;
  assert.deepEqual(read.open, { kind: 'incident', id: '2025-08-05-lozova' });
  assert.equal(read.filter.q, 'rail "A&B"');
  assert.equal(read.theme, 'dark');
});

test('what is known to an area only is looked at from farther away', () => {
  const zoom = (uncertainty_m: number) => placeOf(incident({ uncertainty_m })).view?.zoom ?? 0;
  assert.ok(zoom(500) > zoom(60_000) && zoom(60_000) > zoom(900_000));
});
