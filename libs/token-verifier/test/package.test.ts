import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { serveIssuer, type IssuerServer } from './issuer-server.ts';
import { createKey, issue } from './issuer.ts';

const workspace = fileURLToPath(new URL('../../../', import.meta.url));
const [library, modules] = [join(workspace, 'libs/token-verifier'), join(workspace, 'node_modules')];
const run = promisify(execFile);
/** Without what an npm around these tests tells its children. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
const npm = (args: string[], cwd: string) => run('npm', args, { cwd, env, shell: process.platform === 'win32' });
const tsc = (args: string[], cwd: string) =>
  run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...args], { cwd });

const folder = await realpath(await mkdtemp(join(tmpdir(), 'alva-token-verifier-')));
t.teardown(() => rm(folder, { recursive: true, force: true }));
const [source, consumer] = [join(folder, 'source/libs/token-verifier'), join(folder, 'consumer')];
const issuerInReadme = 'https://auth.example.com';

/** Packs a copy, so that nobody who works in the workspace meanwhile meets the manifest that is packed. */
async function pack(): Promise<string> {
  await mkdir(source, { recursive: true });
  await cp(join(workspace, 'tsconfig.base.json'), join(folder, 'source/tsconfig.base.json'));
  await symlink(modules, join(folder, 'source/node_modules'), 'junction');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'tsconfig.build.json', 'scripts', 'src', 'test']) {
    await cp(join(library, name), join(source, name), { recursive: true });
  }
  await npm(['pack', '--pack-destination', folder], source);
  return join(folder, 'alva-token-verifier-0.1.0.tgz');
}

/** Every way to make a Fastify app that changes its type, guarded in the same line; each of them once did not compile. */
const everyKindOfApp = `
import { createTokenVerifier } from '@alva/token-verifier';
import { installRoleGuard, installTokenGuard } from '@alva/token-verifier/fastify';
import fastify, { type FastifyRequest, type FastifyTypeProvider } from 'fastify';
import { pino } from 'pino';

interface TypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends { is: infer Type } ? Type : unknown;
}
const verifier = createTokenVerifier({ issuer: 'https://auth.example.com' });
const certificate = { key: '', cert: '' };

installTokenGuard(fastify({ logger: true }), { verifier });
installTokenGuard(fastify({ loggerInstance: pino() }), { verifier });
installTokenGuard(fastify({ https: certificate }), { verifier });
installTokenGuard(fastify({ http2: true }), { verifier, onReject: (_, { raw }) => raw.stream.id });
installTokenGuard(fastify({ http2: true, https: certificate, loggerInstance: pino() }), { verifier });
installTokenGuard(fastify(), { verifier, onReject: (_, request: FastifyRequest) => request.log.info('refused') });

const app = fastify({ loggerInstance: pino() }).withTypeProvider<TypeProvider>();
installTokenGuard(app, { verifier });
app.get('/', { schema: { querystring: { is: { page: 1 } } } }, ({ token, query }) => token.sub + query.page.toFixed());
app.register(async (staff) => {
  installRoleGuard(staff, 'admin');
  staff.get('/staff', ({ token }) => token.sub);
});
`;

/** The examples of the README, each as a file of its own. */
async function examples(): Promise<string[]> {
  const readme = await readFile(join(library, 'README.md'), 'utf8');
  return [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
}

t.before(async () => {
  const tarball = await pack();
  await mkdir(consumer);
  await writeFile(join(consumer, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
  await npm(['install', '--offline', '--no-audit', '--no-fund', tarball], consumer);
  for (const name of ['fastify', 'pino', '@types'])
    await symlink(join(modules, name), join(consumer, 'node_modules', name), 'junction');
});

void t.test(
  'the packed product is the build and its papers, needs nothing, and leaves the workspace as it was',
  async (t) => {
    const installed = join(consumer, 'node_modules/@alva/token-verifier');
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    t.same(manifest['exports'], {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './fastify': { types: './dist/fastify.d.ts', default: './dist/fastify.js' },
    });
    for (const name of ['dependencies', 'devDependencies', 'scripts', 'private'])
      t.equal(manifest[name], undefined, name);
    t.same(manifest['peerDependenciesMeta'], { fastify: { optional: true } });
    const { stdout } = await run(process.execPath, ['-p', `fs.readdirSync('.', { recursive: true }).join('\\n')`], {
      cwd: installed,
    });
    const files = stdout.trim().split('\n');
    t.ok(['README.md', 'LICENSE'].every((name) => files.includes(name)));
    t.same(
      files.filter((name) => !/^(dist([/\\].*\.(js|d\.ts))?|package\.json|README\.md|LICENSE)$/.test(name)),
      [],
    );
    t.equal(await readFile(join(library, 'LICENSE'), 'utf8'), await readFile(join(workspace, 'LICENSE'), 'utf8'));
    t.equal(
      await readFile(join(source, 'package.json'), 'utf8'),
      await readFile(join(library, 'package.json'), 'utf8'),
    );
  },
);

const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2024', '--types', 'node'];

async function compiles(t: Test, cwd: string, ...args: string[]): Promise<void> {
  await tsc([...strict, ...args], cwd).catch((error: unknown) =>
    t.fail(String((error as { stdout?: unknown }).stdout)),
  );
}

void t.test('the guards take every kind of Fastify app: its server, logger and type provider', async (t) => {
  await writeFile(join(consumer, 'every-kind-of-app.ts'), everyKindOfApp);
  await compiles(t, consumer, '--module', 'nodenext', 'every-kind-of-app.ts');
});

void t.test('every example of the README passes the compiler, under both ways to resolve modules', async (t) => {
  const codes = await examples();
  t.ok(codes.length >= 4);
  for (const [index, code] of codes.entries()) await writeFile(join(consumer, `example-${index}.ts`), code);
  const files = codes.map((_, index) => `example-${index}.ts`);
  await compiles(t, consumer, '--module', 'nodenext', ...files);
  const withoutFastify = join(consumer, 'without-fastify');
  await mkdir(join(withoutFastify, 'node_modules/@alva'), { recursive: true });
  await cp(
    join(consumer, 'node_modules/@alva/token-verifier'),
    join(withoutFastify, 'node_modules/@alva/token-verifier'),
    { recursive: true },
  );
  await writeFile(join(withoutFastify, 'core.ts'), codes.find((code) => code.includes('node:http')) ?? '');
  await compiles(t, withoutFastify, '--module', 'esnext', '--moduleResolution', 'bundler', 'core.ts');
});

for (const [name, marker] of [
  ['Fastify', 'app.listen({ port: 3000 });'],
  ['plain node:http', 'server.listen(3000);'],
] as const) {
  void t.test(`28: installed outside the workspace, three lines for ${name} hold every promise`, async (t) => {
    const key = createKey();
    const issuer = await serveIssuer(t, key);
    const code = (await examples()).find((each) => each.includes(marker)) ?? '';
    const service = await startService(t, code, issuer);
    const now = Math.floor(Date.now() / 1000);
    const [sid, sub] = [randomUUID(), randomUUID()];
    const token = issue(key, { iss: issuer.url, sid, sub, iat: now, exp: now + 900 });
    const ask = (authorization?: string) =>
      fetch(service.url, authorization === undefined ? {} : { headers: { authorization } });

    const answer = await ask(`Bearer ${token}`);
    t.same([answer.status, await answer.text()], [200, `You are ${sub}`]);
    const bare = await ask();
    t.same([bare.status, bare.headers.get('www-authenticate')], [401, 'Bearer']);
    const foreign = await ask(`Bearer ${issue(createKey(), { iss: issuer.url, iat: now, exp: now + 900 })}`);
    t.same([foreign.status, foreign.headers.get('www-authenticate')], [401, 'Bearer error="invalid_token"']);

    while (issuer.streams.size === 0) await new Promise((resolve) => setImmediate(resolve));
    const before = performance.now();
    issuer.tell(sid, Date.now());
    while ((await ask(`Bearer ${token}`)).status === 200);
    const took = performance.now() - before;
    t.comment(`end of a session → refused: ${took.toFixed(1)} ms`);
    t.ok(took < 1000);
    t.equal(await service.stop(), 0, 'the process ends by itself once it is closed');
  });

  void t.test(`a service on ${name} that never reached the issuer answers 503 with Retry-After`, async (t) => {
    const code = (await examples()).find((each) => each.includes(marker)) ?? '';
    const service = await startService(t, code, { url: 'http://127.0.0.1:1' });
    const now = Math.floor(Date.now() / 1000);
    const token = issue(createKey(), { iss: 'http://127.0.0.1:1', iat: now, exp: now + 900 });
    const answer = await fetch(service.url, { headers: { authorization: `Bearer ${token}` } });
    t.same([answer.status, answer.headers.get('retry-after')], [503, '5']);
    t.equal(await service.stop(), 0);
  });
}

/** Runs an example of the README as a process, on a port of its own and against this issuer. */
async function startService(t: Test, code: string, { url }: Pick<IssuerServer, 'url'>) {
  const server = code.includes('fastify') ? 'app.server' : 'server';
  const file = join(consumer, `service-${randomUUID()}.ts`);
  const adapted = code
    .replace(issuerInReadme, url)
    .replace('port: 3000', 'port: 0')
    .replace('listen(3000)', 'listen(0)');
  const closing = code.includes('fastify') ? `process.once('SIGTERM', () => void app.close());\n` : '';
  const tell = `const tell = () => console.log(String((${server}.address() as { port: number }).port));\n`;
  const told = `if (${server}.listening) tell(); else ${server}.once('listening', tell);\n`;
  await writeFile(file, adapted + closing + tell + told);
  const child = spawn(process.execPath, [file], { cwd: consumer, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: `http://localhost:${port}/me`,
    async stop() {
      child.kill('SIGTERM');
      const [status] = (await once(child, 'exit')) as [number | null];
      return status;
    },
  };
}
