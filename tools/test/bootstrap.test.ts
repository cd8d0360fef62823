import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runScript, toolsFolder } from './support/tool.ts';

const runtime = { version: '1.0.0' };
const forDevelopment = { version: '1.0.0', dev: true };
const forBoth = { version: '1.0.0', devOptional: true };

type Packages = Record<string, object>;

/** A checkout as small as can be, where these packages are locked and those installed; its npm only notes that it was run. */
function checkout(t: Test, locked: Packages, installed: Packages) {
  const says = (tool: string) => `console.log('${tool} ran');\n`;
  const root = t.testdir({
    'package-lock.json': JSON.stringify({ packages: { '': {}, ...locked } }),
    'package.json': '{ "type": "module" }',
    'npm.js': `import { writeFileSync } from 'node:fs';\nwriteFileSync('installed', process.argv.slice(2).join(' '));\n`,
    installed: '',
    node_modules: { '.package-lock.json': JSON.stringify({ packages: installed }) },
    tools: Object.fromEntries([...operators, ...developers].map((tool) => [`${tool}.ts`, says(tool)])),
  });
  mkdirSync(join(root, 'tools/environment'));
  for (const file of ['bootstrap.mjs', 'environment/port-prefix.mjs'])
    cpSync(join(toolsFolder, file), join(root, 'tools', file));
  return async (tool: string, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(join(root, 'installed'), '');
    const npm_execpath = join(root, 'npm.js');
    const { lines, exited } = runScript(t, join(root, 'tools/bootstrap.mjs'), [tool], { ...env, npm_execpath });
    const { code } = await exited;
    return {
      lines,
      code,
      ran: lines.includes(`${tool} ran`),
      installed: readFileSync(join(root, 'installed'), 'utf8'),
    };
  };
}

const operators = ['migrate', 'keys', 'clients', 'people', 'seed', 'doctor'];
const developers = ['start', 'test', 'bench'];
const locked = { 'node_modules/a': runtime, 'node_modules/b': forDevelopment, 'node_modules/c': forBoth };

void t.test('on a pruned tree operators run everything of theirs, and nothing is installed', async (t) => {
  const run = checkout(t, locked, { 'node_modules/a': runtime });
  for (const tool of operators) t.match(await run(tool), { ran: true, installed: '' }, tool);
  for (const tool of developers) t.match(await run(tool), { ran: true, installed: 'ci --include=dev' }, tool);
});

for (const [what, installed] of [
  ['missing', {}],
  ['of another version', { 'node_modules/a': { version: '0.9.0' } }],
] as const) {
  void t.test(`what services need and is ${what} is installed, for operators as well`, async (t) => {
    const run = checkout(t, locked, installed);
    t.match(await run('doctor'), { ran: true, installed: 'ci --include=dev' });
  });
}

void t.test('where all is there nothing is installed', async (t) => {
  const run = checkout(t, locked, locked);
  for (const tool of developers) t.match(await run(tool), { ran: true, installed: '' }, tool);
});

void t.test('a prefix that makes no ports is refused before anything is installed', async (t) => {
  const run = checkout(t, locked, {});
  const { lines, ...rest } = await run('start', { ALVA_PORT_PREFIX: '47' });
  t.same(rest, { code: 1, ran: false, installed: '' });
  t.same(lines, ['ALVA_PORT_PREFIX is "47", it must be a number from 103 to 6552, for example 310.']);
});
