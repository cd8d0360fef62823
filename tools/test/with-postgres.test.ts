import { join } from 'node:path';
import t from 'tap';
import { findRedisServer } from '../redis/test-redis.ts';
import { isPortFree } from '../ports.ts';
import { runScript, toolsFolder } from './support/tool.ts';

const withPostgres = join(toolsFolder, 'with-postgres.ts');
const withoutUrls = { ALVA_TEST_DATABASE_URL: '', ALVA_TEST_REDIS_URL: '' };
const print = 'console.log(process.env.ALVA_TEST_DATABASE_URL, process.env.ALVA_TEST_REDIS_URL)';

void t.test("the command gets its servers, and its exit code is the tool's", async (t) => {
  const tool = runScript(t, withPostgres, ['node', '-e', `${print}; process.exit(7)`], withoutUrls);
  t.equal((await tool.exited).code, 7);
  t.match(tool.lines[0], /^postgres:\/\/postgres:\w+@127\.0\.0\.1:\d+\/postgres /);
  if (findRedisServer()) t.match(tool.lines[0], / redis:\/\/127\.0\.0\.1:\d+$/);
});

void t.test('servers that are given are used as they are', async (t) => {
  const given = { ALVA_TEST_DATABASE_URL: 'postgres://mine/x', ALVA_TEST_REDIS_URL: 'redis://mine' };
  const tool = runScript(t, withPostgres, ['node', '-e', print], given);
  t.equal((await tool.exited).code, 0);
  t.equal(tool.lines[0], 'postgres://mine/x redis://mine');
});

void t.test('a command that does not exist is one line', async (t) => {
  const tool = runScript(t, withPostgres, ['no-such-command'], withoutUrls);
  t.equal((await tool.exited).code, 1);
  t.match(tool.lines.join('\n'), /^no-such-command could not be run: .*$/);
});

void t.test(
  'its Redis ends with it, even when it is killed outright',
  { skip: !findRedisServer() && 'no Redis server here' },
  async (t) => {
    const tool = runScript(t, withPostgres, ['node', '-e', `${print}; setTimeout(() => {}, 600)`], withoutUrls);
    const port = Number(/redis:\/\/127\.0\.0\.1:(\d+)/.exec(await tool.line(/redis/))?.[1]);
    t.notOk(await isPortFree(port));
    tool.child.kill('SIGKILL');
    while (!(await isPortFree(port))) await new Promise(setImmediate);
    t.pass('the port is free again');
  },
);
