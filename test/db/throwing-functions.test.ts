import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * PostGIS functions that can throw a C++ exception in the embedded engine, which costs it its life
 * (and the requests of everybody their turn): measured with PGlite 0.5.8 and PostGIS 3.6.2. Where
 * one is needed, it belongs to the load, on geometries that were found valid.
 */
const throwing = [
  // Overlay, on invalid or non-finite geometries.
  'ST_Union',
  'ST_MemUnion',
  'ST_UnaryUnion',
  'ST_Intersection',
  'ST_Difference',
  'ST_SymDifference',
  'ST_Subdivide',
  'ST_TriangulatePolygon',
  'ST_DelaunayTriangles',
  'ST_OffsetCurve',
  'ST_ReducePrecision',
  'ST_HausdorffDistance',
  'ST_FrechetDistance',
];

/** Not compiled into the embedded engine: it has no protobuf-c. */
const missing = ['ST_AsMVT', 'ST_AsMVTGeom', 'ST_AsGeobuf'];

/** ST_Transform by a projection in words instead of a known SRID. */
const freeProjection = /ST_Transform\s*\([^;]*?\+proj/i;

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['server', 'migrations'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|sql)$/.test(file))
    .map((file) => path.join(folder, file)),
);

test('nothing that a request runs can throw inside GEOS or PROJ', () => {
  assert.ok(files.length > 10);
  const names = new RegExp(`\\b(${[...throwing, ...missing].join('|')})\\s*\\(`, 'gi');
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8');
    assert.deepEqual(text.match(names) ?? [], [], file);
    assert.doesNotMatch(text, freeProjection, file);
  }
});
