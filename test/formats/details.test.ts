import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FormatId, fileName, formatIds, formats } from '../../server/formats/formats.ts';
import { aboutOf, fileOf, hostileIncidents, pagesOf } from './samples.ts';

const [area, pin] = hostileIncidents;
assert.ok(area?.properties.area_only === true && pin?.properties.area_only === false);

async function text(format: FormatId, features: Parameters<typeof pagesOf>[0]): Promise<string> {
  const about = aboutOf('incidents', features.length);
  return (await fileOf(formats[format], pagesOf(features), about)).toString();
}

test('an incident known only as an area is no pin in KML and no point in a feed', async () => {
  assert.match(await text('kml', [area]), /<styleUrl>#area<\/styleUrl>/);
  assert.match(await text('kml', [pin]), /<styleUrl>#point<\/styleUrl>/);
  assert.doesNotMatch(await text('atom', [area]), /georss:point/);
  assert.match(
    await text('atom', [pin]),
    /<georss:point>49\.6\d* 30\.1\d*<\/georss:point><georss:radius>5000<\/georss:radius>/,
  );
});

test('a figure in words has who gave it, when and where', async () => {
  const said =
    /killed: 1 to 16 or more \(3 claims\); latest: at least 16, .*, reported 2025-08-05T09:00:00\+03:00, https:/;
  assert.match(await text('atom', [pin]), said);
  assert.match(await text('kml', [pin]), said);
});

test('markup in a text stays text where KML shows HTML', async () => {
  const script = hostileIncidents.find(({ id }) => id === 'hostile-script');
  assert.ok(script);
  const [, description = ''] = /<Placemark>.*?<description>(.*?)<\/description>/s.exec(
    await text('kml', [script]),
  ) ?? [''];
  assert.match(description, /&amp;lt;script&amp;gt;/);
  assert.doesNotMatch(description, /&lt;script/);
});

test('a feed was updated when its first entry was', async () => {
  assert.match(await text('atom', [pin]), /<updated>2026-11-23T08:47:44\.066151\+00:00<\/updated>/);
  assert.match(await text('atom', []), /<updated>2026-11-23T09:00:00\.000Z<\/updated>/);
});

test('an empty text and one that is not known differ in CSV', async () => {
  const empty = { ...pin, properties: { ...pin.properties, place: '', time_local: null } };
  const [, row = ''] = (await text('csv', [empty])).split('\r\n');
  assert.match(row, /,range,,,2025-08-05T00:00:00/);
  assert.match(row, /,"",49\.6/);
});

for (const id of formatIds) {
  test(`${id} gives the same bytes again, where it says so`, async () => {
    const later = { ...aboutOf('incidents', 1), timeStamp: '2027-01-01T00:00:00.000Z' };
    const [first, second] = [
      await fileOf(formats[id], pagesOf([pin]), aboutOf('incidents', 1)),
      await fileOf(formats[id], pagesOf([pin]), later),
    ];
    if (formats[id].isByteStable) assert.deepEqual(first, second);
  });

  test(`leaving a ${id} file leaves its pages`, async () => {
    let asked = 0;
    let isLeft = false;
    async function* pages() {
      try {
        for (;;) {
          asked += 1;
          yield pagesOf(hostileIncidents, 1000)[0] ?? [];
        }
      } finally {
        isLeft = true;
      }
    }
    let chunks = 0;
    for await (const _chunk of formats[id].write(pages(), aboutOf('incidents', 1_000_000))) {
      chunks += 1;
      if (chunks === 4) break;
    }
    assert.ok(isLeft);
    // Parquet gathers 5,000 features for a chunk, the others write every page.
    assert.ok(asked <= (id === 'parquet' ? 4 * 300 : 4), `${asked} pages were asked for`);
    assert.match(fileName(id, 'incidents'), /^strike-atlas-incidents\.[a-z]+$/);
  });
}
