import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

/**
 * Runs the suite: every `*.test.ts` under test/, or those whose path contains one of the arguments
 * and none of those written after a `!`. Two files at a time: each may hold a database of its own.
 */
const folder = path.dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const unwanted = words.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
const wanted = words.filter((word) => !word.startsWith('!'));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .filter((file) => !unwanted.some((part) => file.includes(part)))
  .sort()
  .map((file) => path.join(folder, file));

if (files.length === 0) {
  process.stderr.write(`no test file answers to ${words.join(' ')}\n`);
  process.exit(1);
}
run({ files, concurrency: 2, timeout: 3_600_000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
