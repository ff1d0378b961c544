/** Writes one row after the other, saying which have been committed, until it is killed. */
import sql from 'sql-template-tag';
import { openEmbedded } from '../../../server/db/embedded.ts';

const database = await openEmbedded(process.argv[2] ?? '');
for (let id = Number(process.argv[3]); ; id += 1) {
  await database.transaction('write', (session) =>
    session.query(
      sql`INSERT INTO atlas.item (id, label) VALUES (${id}, ${`${id} ${'x'.repeat(5000)}`})`,
    ),
  );
  process.stdout.write(`${id}\n`);
}
