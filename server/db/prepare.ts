/**
 * Makes what the embedded engine's first start would have to make (`engine-files.ts`): run after
 * an install or while an image is built, it saves that start about ten seconds.
 */
import { tmpdir } from 'node:os';
import { emptyDatabase, engineFiles } from './engine-files.ts';

const files = await engineFiles(tmpdir());
await emptyDatabase(files, (message) => process.stderr.write(`${message}\n`));
