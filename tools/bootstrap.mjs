// node tools/bootstrap.mjs <tool> […]: installs what is missing, then runs tools/<tool>.ts on the pinned Node.
// This file and what it imports run before node_modules exists and on whatever Node the machine has: plain JavaScript for Node 20.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { clearInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { findProblemOfPrefix } from './environment/port-prefix.mjs';

const tools = dirname(fileURLToPath(import.meta.url));
const root = dirname(tools);
const installNote = join(root, '.data/installing.pid');
const [tool, ...args] = process.argv.slice(2);
/** What operators run, where everything that only builds and tests was taken away: no reason to bring that back. */
const needsNoDevelopment = ['migrate', 'keys', 'clients', 'people', 'seed', 'doctor'].includes(tool);

let child;
let installing = false;
// npm and the terminal may each send the same Ctrl-C here; tools take interrupts that come close together for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt(signal));
// A signal to npm alone ends npm and its shell but is not told to us; being orphaned is how we hear of it.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    // Once: a second time would mean "at once".
    clearInterval(watch);
    interrupt('SIGTERM');
  }, 300).unref();
}

refuseWrongPrefix();
if (!isInstalled()) await install();
process.exit(await run(findNode(), [join(tools, `${tool}.ts`), ...args]));

function interrupt(signal) {
  if (!installing) return child?.kill(signal);
  // Asked nicely, npm first takes back what it unpacked, for longer than anyone waits. The next install begins anew anyway.
  if (process.platform === 'win32') child.kill();
  else process.kill(-child.pid, 'SIGKILL');
}

/** Before the installation, which takes a minute; whatever comes from `.env` is for the tools to judge. */
function refuseWrongPrefix() {
  const prefix = process.env.ALVA_PORT_PREFIX;
  const problem = prefix ? findProblemOfPrefix(prefix) : undefined;
  if (!problem) return;
  console.error(problem);
  process.exit(1);
}

/** Resolves with the exit code, also of what an interrupt ended. */
function run(command, commandArgs, options = {}) {
  return new Promise((resolve, reject) => {
    child = spawn(command, commandArgs, { stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** Every package of the lock that is needed is there in its version; those left out for another platform are optional. */
function isInstalled() {
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  const locked = readPackages(join(root, 'package-lock.json'));
  return Object.entries(locked).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === '') return true;
    const there = installed[path];
    if (there) return there.version === version;
    return optional || (needsNoDevelopment && (dev || devOptional));
  });
}

/** Two installs at once would each delete what the other unpacks. The note of one that was killed counts for nothing. */
function claimInstall() {
  mkdirSync(dirname(installNote), { recursive: true });
  try {
    writeFileSync(installNote, String(process.pid), { flag: 'wx' });
  } catch {
    const other = Number(readFileSync(installNote, 'utf8'));
    if (isAlive(other)) {
      console.error(`Process ${other} is installing the dependencies. Wait for it to finish, then start this again.`);
      process.exit(1);
    }
    writeFileSync(installNote, String(process.pid));
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** npm writes its own note inside node_modules last, so an interrupted install counts as none. */
function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

async function install() {
  claimInstall();
  const start = Date.now();
  console.log('Installing dependencies, about a minute the first time …');
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // NODE_ENV=production in the surroundings must not leave out what development needs.
  installing = true;
  const status = await run(npm[0], [...npm.slice(1), 'ci', '--include=dev'], {
    cwd: root,
    shell: process.platform === 'win32' && npm.length === 1,
    // A group of its own, which an interrupt ends as a whole.
    detached: process.platform !== 'win32',
  });
  installing = false;
  rmSync(installNote, { force: true });
  if (status !== 0) process.exit(status);
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
