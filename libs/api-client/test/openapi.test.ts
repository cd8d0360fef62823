import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';

for (const service of ['auth', 'api']) {
  t.test(`the description of ${service} is valid OpenAPI 3.1`, async (t) => {
    const text = await readFile(new URL(`../openapi/${service}.json`, import.meta.url), 'utf8');
    const document = JSON.parse(text) as Record<string, unknown>;
    t.match(document, { openapi: /^3\.1\./ });
    const { valid, errors } = await new Validator().validate(document);
    t.ok(valid, JSON.stringify(errors));
  });
}
