import { spawn } from 'node:child_process';

/**
 * `npm run dev`: the server, started again when one of its files changes, and Vite, which reloads
 * the client and passes `/api` on to the server. Either one's end is the end of both.
 */
const commands: readonly (readonly string[])[] = [
  ['--watch-path=server', '--watch-path=migrations', '--import', 'tsx', 'server/main.ts'],
  ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1'],
];

const children = commands.map((words) => spawn(process.execPath, words, { stdio: 'inherit' }));
const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 1;
    stop();
  });
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
