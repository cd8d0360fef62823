// Runs after every `npm install`, also on Node 20 and with --omit=dev; it must never be why an install fails.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

// tap bakes its plugins into one class. Left to the first test run, projects tested side by side would each bake it and collide.
const testClass = join(modules, '@tapjs/test/test-built/dist/esm/index.js');
const unwanted = readFileSync(join(root, '.taprc'), 'utf8')
  .split('\n')
  .flatMap((line) => /^ *- "!(.+)"/.exec(line)?.[1] ?? []);

if (existsSync(testClass)) {
  const baked = readFileSync(testClass, 'utf8');
  if (unwanted.some((plugin) => baked.includes(`"${plugin}"`))) {
    const tap = join(modules, 'tap/dist/esm/run.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [tap, 'build'], { cwd: root, encoding: 'utf8' });
    if (status !== 0)
      console.error(`tap could not prepare its plugins; tests will do it themselves.\n${stdout ?? ''}${stderr ?? ''}`);
  }
}
