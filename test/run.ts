import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

/**
 * Runs the suite: every `*.test.ts` under test/, or those whose path contains one of the arguments.
 * Two files at a time: each may hold a database of its own.
 */
const folder = path.dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort()
  .map((file) => path.join(folder, file));

if (files.length === 0) {
  process.stderr.write(`no test file has ${wanted.join(' or ')} in its path\n`);
  process.exit(1);
}
run({ files, concurrency: 2, timeout: 1_500_000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
