// node generate.ts: writes openapi/*.json as the services describe themselves, and the types that follow from it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

const folder = import.meta.dirname;
const services = ['auth', 'api'];

mkdirSync(join(folder, 'openapi'), { recursive: true });
for (const service of services) {
  const exporter = join(folder, '../../apps', service, 'src/openapi-main.ts');
  const document = join(folder, 'openapi', `${service}.json`);
  writeFileSync(document, execFileSync(process.execPath, [exporter], { maxBuffer: 16 * 1024 * 1024 }));
  // Types only: the generator's own client is two thousand lines that do what request.ts does.
  await createClient({
    input: document,
    output: { path: join(folder, 'src/generated', service), module: { extension: '.ts' }, entryFile: false },
    plugins: ['@hey-api/typescript'],
    logs: { level: 'silent', file: false },
  });
}
