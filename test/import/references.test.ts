import assert from 'node:assert/strict';
import { test } from 'node:test';
import sql, { raw } from 'sql-template-tag';
import { References } from '../../geodata/import/references.ts';
import { ucdpGed } from '../../geodata/import/ucdp.ts';
import { insertNew, type TableLoad } from '../../geodata/upsert.ts';
import type { Database, Session } from '../../server/db/database.ts';
import { DatabaseError } from '../../server/db/errors.ts';
import { atlasDatabase } from '../helpers/atlas.ts';
import { assertKept } from '../helpers/kept.ts';
import { run } from './runs.ts';

const owner = <Result>(database: Database, work: (session: Session) => Promise<Result>) =>
  database.transaction('write', work);

const lozova = '2025-08-05-lozova';

function links(source: string): TableLoad {
  return {
    table: 'incident_source',
    key: ['incident', 'source'],
    columns: { incident: 'text', source: 'text' },
    rows: [{ incident: lozova, source }],
    owned: sql`false`,
  };
}

/** Links an incident to a source without a look at it, then looks. */
async function link(database: Database, source: string): Promise<void> {
  await owner(database, async (session) => {
    const references = await References.of(session);
    assert.ok(references);
    const [row] = await session.query<{ at: string }>(sql`SELECT atlas.recording_at() AS at`);
    const load = links(source);
    await references.unchecked(session, () => insertNew(session, load, row?.at ?? ''));
    await references.checkOf([load])(session);
  });
}

/** Rows whose parent is missing, over all foreign keys of the record. */
async function orphans(session: Session): Promise<string[]> {
  const keys = await session.query<{ child: string; column: string; parent: string; key: string }>(
    sql`SELECT f.conrelid::regclass::text AS child, a.attname::text AS column,
               f.confrelid::regclass::text AS parent, k.attname::text AS key
          FROM pg_constraint f
          JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
          JOIN pg_attribute k ON k.attrelid = f.confrelid AND k.attnum = f.confkey[1]
         WHERE f.connamespace = 'atlas'::regnamespace AND f.contype = 'f'`,
  );
  assert.ok(keys.length > 30, `${keys.length} foreign keys`);
  const found: string[] = [];
  for (const { child, column, parent, key } of keys) {
    const rows = await session.query(
      sql`SELECT FROM ${raw(child)} c WHERE c.${raw(column)} IS NOT NULL
             AND NOT EXISTS (SELECT FROM ${raw(parent)} p WHERE p.${raw(key)} = c.${raw(column)})`,
    );
    if (rows.length > 0) found.push(`${rows.length} of ${child}.${column}`);
  }
  return found;
}

test('a reference to what is not there is refused as PostgreSQL would, and to what is there taken', async (context) => {
  const database = await atlasDatabase(context);
  await assert.rejects(
    link(database, 'nobody'),
    (error) =>
      error instanceof DatabaseError &&
      error.kind === 'constraint' &&
      error.constraint === 'incident_source_source_fkey',
  );
  const [known] = await database.query<{ id: string }>(
    sql`SELECT id FROM source s WHERE NOT EXISTS (
          SELECT FROM incident_source x WHERE x.incident = ${lozova} AND x.source = s.id) LIMIT 1`,
  );
  assert.ok(known);
  await link(database, known.id);
  const linked = await owner(database, (session) =>
    session.query(
      sql`SELECT source FROM atlas.incident_source WHERE incident = ${lozova} AND source IN ('nobody', ${known.id})`,
    ),
  );
  assert.deepEqual(linked, [{ source: known.id }]);
});

test('our own triggers never sleep, and no reference of an import is left open', async (context) => {
  const database = await atlasDatabase(context);
  const asleep = await owner(database, (session) =>
    session.query(
      sql`SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE c.relnamespace = 'atlas'::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'A'`,
    ),
  );
  assert.deepEqual(asleep, []);
  await run(database, ucdpGed, 'ucdp.csv');
  assert.deepEqual(await owner(database, orphans), []);
  await assertKept(database, 'an import whose references were checked by set');
});

test('PostgreSQL checks them itself where its triggers may not sleep, or others would', async (context) => {
  const database = await atlasDatabase(context);
  const asReader = await owner(database, async (session) => {
    await session.query(sql`SET LOCAL ROLE strike_atlas_reader`);
    return References.of(session);
  });
  assert.equal(asReader, null);
  await owner(database, (session) =>
    session.query(sql`ALTER TABLE atlas.claim ENABLE TRIGGER mark_made`),
  );
  assert.equal(await owner(database, References.of), null);
  const { counts } = await run(database, ucdpGed, 'ucdp.csv');
  assert.ok(counts.inserted > 0);
  assert.deepEqual(await owner(database, orphans), []);
  await assertKept(database, 'an import whose references PostgreSQL checked');
});
