import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openReplicated } from './replicated.ts';
import { openServer } from './server.ts';

export interface OpenOptions {
  /** PostGIS server; without it the embedded engine is used. */
  readonly databaseUrl?: string;
  /** Streaming replicas of it that are read from. */
  readonly readUrls?: readonly string[];
  /** Where the embedded engine keeps its data; made when missing. */
  readonly dataDir: string;
  readonly log?: (message: string) => void;
}

/**
 * Opens the database that the settings name.
 * @throws {DirectoryInUseError} when another process has the data directory open.
 * @throws {DatabaseError} when the server does not answer or is too old.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { databaseUrl, readUrls = [], dataDir, log = () => undefined } = options;
  if (databaseUrl === undefined) return openEmbedded(dataDir, { log });
  return readUrls.length === 0
    ? openServer(databaseUrl, { log })
    : openReplicated(databaseUrl, readUrls, { log });
}
