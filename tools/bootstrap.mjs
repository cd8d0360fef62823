// node tools/bootstrap.mjs <tool> […]: installs what is missing, then runs tools/<tool>.ts on the pinned Node.
// This file alone runs before node_modules exists and on whatever Node the machine has, so it is plain JavaScript for Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { clearInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const tools = dirname(fileURLToPath(import.meta.url));
const root = dirname(tools);
const [tool, ...args] = process.argv.slice(2);

if (!isInstalled()) install();
const child = spawn(findNode(), [join(tools, `${tool}.ts`), ...args], { stdio: 'inherit' });
// npm and the terminal may each send the same Ctrl-C here; tools take interrupts that come close together for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// A signal to npm alone ends npm and its shell but is not told to us; being orphaned is how we hear of it.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    // Once: a second time would mean "at once".
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 300).unref();
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

/** Every package of the lock is there in its version; those left out for another platform are optional. */
function isInstalled() {
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  const locked = readPackages(join(root, 'package-lock.json'));
  return Object.entries(locked).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const there = installed[path];
    return there ? there.version === version : optional;
  });
}

/** npm writes its own note inside node_modules last, so an interrupted install counts as none. */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function install() {
  const start = Date.now();
  console.log('Installing dependencies, about a minute the first time …');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // NODE_ENV=production in the surroundings must not leave out what development needs.
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--include=dev'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && npm.length === 1,
  });
  if (status !== 0) process.exit(status ?? 1);
  console.log(`Dependencies installed in ${Math.round((Date.now() - start) / 1000)} s.`);
}

function findNode() {
  const pinned = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (spawnSync(pinned, ['--version']).status === 0) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  console.error(
    `Node ${process.versions.node} is too old and the pinned one could not be installed. Install Node 24: https://nodejs.org`,
  );
  process.exit(1);
}
