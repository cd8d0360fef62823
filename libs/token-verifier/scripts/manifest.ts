// node scripts/manifest.ts publish|restore: npm runs it around `npm pack` and `npm publish`.
//
// Inside the workspace the package is its TypeScript source, so nobody builds anything before running anything. Node runs
// no TypeScript under node_modules, so the packed manifest names the build instead. npm knows no other way to have two.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);
const original = new URL('../package.workspace.json', import.meta.url);

interface Manifest {
  exports: Record<string, unknown>;
  [name: string]: unknown;
}

function publish(): void {
  // Left behind by a run that was killed.
  restore();
  const text = readFileSync(manifest, 'utf8');
  const { scripts: _scripts, devDependencies: _development, nx: _nx, ...kept } = JSON.parse(text) as Manifest;
  const exports = Object.fromEntries(Object.entries(kept.exports).map(([name, path]) => [name, built(String(path))]));
  writeFileSync(original, text);
  write(JSON.stringify({ ...kept, exports }, null, 2));
}

function restore(): void {
  if (!existsSync(original)) return;
  write(readFileSync(original, 'utf8'));
  rmSync(original);
}

/** From `./src/index.ts` to what `tsc` makes of it. */
function built(source: string): Record<'types' | 'default', string> {
  const path = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

/** In one step, so that nobody ever reads half a manifest. */
function write(text: string): void {
  const draft = new URL('../package.draft.json', import.meta.url);
  writeFileSync(draft, text);
  renameSync(draft, manifest);
}

if (process.argv[2] === 'publish') publish();
else restore();
