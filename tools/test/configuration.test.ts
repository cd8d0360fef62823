import { randomBytes } from 'node:crypto';
import t from 'tap';
import { load, loadSchemas, mergeVariables, readVariables } from '../configuration/variables.ts';
import { renderEnvironmentExample } from '../configuration/render.ts';
import { parseEnvFile } from '../environment/env-file.ts';

void t.test('every process accepts what .env.example proposes', async (t) => {
  const { loadConfig } = (await load('libs/service-kit/src/index.ts')) as {
    loadConfig: (schema: unknown, options: { env: Record<string, string> }) => unknown;
  };
  const text = renderEnvironmentExample(mergeVariables(await readVariables()));
  const proposed = parseEnvFile(text.replaceAll(/^# (?=[A-Z_]+=)/gm, ''), '.env.example');
  // The one thing without a proposal, because a key that many copy is none.
  t.equal(proposed['KEY_ENCRYPTION_KEY'], '');
  const env = { ...proposed, KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  for (const { process, schema } of await loadSchemas()) {
    t.doesNotThrow(() => loadConfig(schema, { env }), process);
  }
});
