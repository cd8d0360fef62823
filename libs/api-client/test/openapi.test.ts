import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';

interface Document {
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  tags: string[];
  summary?: string;
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
}

async function read(service: string): Promise<Document> {
  const text = await readFile(new URL(`../openapi/${service}.json`, import.meta.url), 'utf8');
  return JSON.parse(text) as Document;
}

for (const service of ['auth', 'api']) {
  t.test(`${service} says of every route what it is for and what each answer means`, async (t) => {
    const { tags, paths } = await read(service);
    const described = new Set(tags.filter(({ description }) => description).map(({ name }) => name));
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { tags = [], summary, responses }] of Object.entries(operations)) {
        const route = `${method} ${path}`;
        t.ok(summary && tags.length > 0 && tags.every((tag) => described.has(tag)), route);
        t.ok(
          Object.keys(responses).some((status) => /^[23]/.test(status)),
          `${route}: how it goes well`,
        );
        for (const { description } of Object.values(responses)) t.notMatch(description, /^(Default Response)?$/, route);
      }
    }
  });

  t.test(`the description of ${service} is valid OpenAPI 3.1`, async (t) => {
    const text = await readFile(new URL(`../openapi/${service}.json`, import.meta.url), 'utf8');
    const document = JSON.parse(text) as Record<string, unknown>;
    t.match(document, { openapi: /^3\.1\./ });
    const { valid, errors } = await new Validator().validate(document);
    t.ok(valid, JSON.stringify(errors));
  });
}

for (const [service, path, events] of [
  ['auth', '/auth/revocations/events', ['revocations', 'revoked']],
  ['api', '/jobs/{id}/events', ['state', 'step', 'delta', 'result', 'error']],
] as const) {
  t.test(`${path} names its events and what each one holds`, async (t) => {
    const { paths } = await read(service);
    const { content } = paths[path]?.['get']?.responses['200'] ?? {};
    const anyOf = events.map((event) => ({ properties: { event: { enum: [event] }, data: {} } }));
    t.match(content, { 'text/event-stream': { schema: { anyOf } } });
  });
}
