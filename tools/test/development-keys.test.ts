import { join } from 'node:path';
import t from 'tap';
import { withDevelopmentKeys, withKeysOfDatabase } from '../environment/development-keys.ts';
import { readStackEnvironment, type StackEnvironment } from '../environment/stack-environment.ts';
import { stackPorts } from '../environment/stack-ports.ts';
import { runScript, toolsFolder } from './support/tool.ts';

const DATABASE_URL = 'postgres://auth@127.0.0.1:9/alva';
const given = { KEY_ENCRYPTION_KEY: 'given' };

const environmentOf = (variables: StackEnvironment['variables'], forProduction = false) => ({
  ports: stackPorts(),
  variables,
  forProduction,
});

void t.test('only what runs services here, or judges the database of this checkout, is given its keys', async (t) => {
  const keyOf = ({ variables }: StackEnvironment) => variables['KEY_ENCRYPTION_KEY'];
  t.equal(keyOf(readStackEnvironment()), process.env['KEY_ENCRYPTION_KEY'], 'reading the environment makes none');
  t.match(keyOf(withDevelopmentKeys(environmentOf({ DATABASE_URL }))), /^[\w+/]{43}=$/);
  t.match(keyOf(withKeysOfDatabase(environmentOf({}))), /^[\w+/]{43}=$/);

  t.equal(keyOf(withKeysOfDatabase(environmentOf({ DATABASE_URL }))), undefined);
  t.equal(keyOf(withKeysOfDatabase(environmentOf({}, true))), undefined);
  for (const change of [withDevelopmentKeys, withKeysOfDatabase]) {
    t.equal(keyOf(change(environmentOf(given))), 'given');
    t.equal(keyOf(change(environmentOf({ KEY_ENCRYPTION_KEY_FILE: '/run/secrets/key' }))), undefined);
  }
});

for (const args of [['list'], ['replace', '--yes']]) {
  void t.test(`keys ${args.join(' ')} without a key stops before it judges the ring of a named database`, async (t) => {
    const env = { DATABASE_URL, DATABASE_URL_FILE: '', KEY_ENCRYPTION_KEY: '', KEY_ENCRYPTION_KEY_FILE: '' };
    const keys = runScript(t, join(toolsFolder, 'keys.ts'), args, env);
    t.equal((await keys.exited).code, 1);
    t.match(keys.lines, [/^KEY_ENCRYPTION_KEY is not set\. Fix: if this installation has run before, .* it ran with/]);
    t.equal(keys.lines.length, 1);
  });
}
