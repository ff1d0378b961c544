import { parseArgs } from 'node:util';
import { readConfig } from '../server/config.ts';
import { openDatabase } from '../server/db/open.ts';
import { duplicateCandidates } from './duplicates.ts';
import { rangeOf } from './times.ts';

const usage = `npm run duplicates -- [options]

Lists pairs of incidents of different datasets that may be one, with their score and reasons, a
JSON object a line. Nothing is merged. Private records are among them: the list is for editors.
  --time <EDTF>     only incidents that begin within it, such as 2025-08 or 2025-08-01/2025-08-07
  --least <score>   from 0 to 1 (0.4)
  --limit <count>   (1000)`;

/** The command line cannot be followed. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

function argumentsOf(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: {
        time: { type: 'string' },
        least: { type: 'string', default: '0.4' },
        limit: { type: 'string', default: '1000' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `npm run duplicates`. */
async function main(): Promise<void> {
  const { time, least, limit, help } = argumentsOf(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const leastScore = Number(least);
  if (!(leastScore >= 0 && leastScore <= 1))
    throw new UsageError(`--least is '${least}' and must be a number from 0 to 1`);
  if (!/^[1-9]\d{0,6}$/.test(limit))
    throw new UsageError(`--limit is '${limit}' and must be a whole number from 1 to 9999999`);
  const { from, until } = time === undefined ? { from: null, until: null } : rangeOf(time);

  const { databaseUrl, dataDir } = readConfig(process.env);
  const database = await openDatabase({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    dataDir,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  try {
    const found = await database.transaction(
      'write',
      (session) => duplicateCandidates(session, { from, until, leastScore, limit: Number(limit) }),
      { statementMs: 10 * 60_000 },
    );
    for (const pair of found) process.stdout.write(`${JSON.stringify(pair)}\n`);
    process.stderr.write(`${found.length} pairs may be one incident.\n`);
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`\n${usage}\n`);
  process.exitCode = 1;
});
