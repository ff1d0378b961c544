import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { loadFiles } from '../../geodata/load.ts';
import { buildApp } from '../../server/app.ts';
import type { Database } from '../../server/db/database.ts';
import { openLoadedTestDatabase } from './database.ts';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** A database with the project's data in it, removed when the test ends. */
export async function atlasDatabase(context: TestContext): Promise<Database> {
  const database = await openLoadedTestDatabase({
    name: 'atlas',
    inputs: ['geodata', 'package-lock.json'],
    prepare: (empty) => loadFiles(empty, path.join(root, 'geodata'), () => undefined),
  });
  context.after(() => database.close());
  return database;
}

/** The service over a database with the project's data in it. */
export async function atlasApp(
  context: TestContext,
): Promise<{ app: FastifyInstance; database: Database }> {
  const database = await atlasDatabase(context);
  const app = await buildApp({
    config: { publicUrl: 'https://atlas.example' },
    database,
  });
  context.after(() => app.close());
  return { app, database };
}
