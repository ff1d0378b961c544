import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { Metrics } from './metrics.ts';
import { hasLoaded } from './queries/loads.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Progress goes to standard error, so that standard output holds the address and the log. */
function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { databaseUrl, readUrls, dataDir } = config;
  const database = await openDatabase({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    readUrls,
    dataDir,
    log: say,
  });
  await migrate(database, path.join(root, 'migrations'), say);
  if (!(await hasLoaded(database))) {
    // The loader and its checks are needed once; a later start does not wait for them.
    const { loadFiles } = await import('../geodata/load.ts');
    await loadFiles(database, path.join(root, 'geodata'), say);
  }
  const metrics = config.metricsPort === undefined ? undefined : new Metrics(database);
  const app = await buildApp({
    config,
    database,
    ...(metrics === undefined ? {} : { metrics }),
    clientDir: path.join(root, 'dist', 'client'),
    logger: { level: config.logLevel },
  });
  const metricsServer = metrics?.server();

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await metricsServer?.close();
    await app.close();
    await database.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop());
  }

  const address = await app.listen({ host: config.host, port: config.port });
  if (metricsServer !== undefined) {
    const own = await metricsServer.listen({ host: config.host, port: config.metricsPort ?? 0 });
    say(`Metrics are at ${own}/metrics`);
  }
  say(`Strike Atlas is ready at ${config.publicUrl ?? address}/`);
}

main().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError;
  say(isExpected ? `The settings are wrong.\n${error.message}` : `Cannot start: ${reason(error)}`);
  process.exit(1);
});

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
