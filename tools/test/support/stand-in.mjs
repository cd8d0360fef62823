// A process of the stack as small as can be. The mode says how it behaves.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [mode, port, note] = process.argv.slice(2);
if (mode === 'breaks' || mode === 'refuses') {
  console.log(`12:00:00 info  ${note}  looking for its database`);
  console.error(mode === 'breaks' ? 'Error: cannot go on' : `${note}: DATABASE_URL is not set.`);
  process.exit(1);
}
const child =
  mode === 'parent' ? spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }) : undefined;
createServer((_request, response) => response.end(JSON.stringify({ pid: process.pid, child: child?.pid }))).listen(
  Number(port),
);
console.log(`12:00:00 info  ${note}  listening`);
process.on('SIGTERM', () => {
  if (mode === 'stubborn') return;
  console.error(`12:00:00 warn  ${note}  stopping`);
  process.exit(0);
});
