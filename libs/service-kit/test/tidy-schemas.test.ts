import t from 'tap';
import { tidySchemas } from '../src/openapi/tidy-schemas.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

void t.test('schemas that requests and answers share have one name, and unused ones are gone', async (t) => {
  const tidied = tidySchemas({
    paths: { '/plans': { body: ref('PlanInput'), answer: ref('Plan') } },
    components: {
      schemas: {
        Plan: { properties: { owner: ref('Owner') } },
        PlanInput: { properties: { owner: ref('OwnerInput') } },
        Owner: { type: 'object' },
        OwnerInput: { type: 'object' },
        Lonely: { properties: { other: ref('Forgotten') } },
        Forgotten: {},
      },
    },
  });
  t.same(tidied, {
    paths: { '/plans': { body: ref('Plan'), answer: ref('Plan') } },
    components: { schemas: { Plan: { properties: { owner: ref('Owner') } }, Owner: { type: 'object' } } },
  });
});

void t.test('schemas that differ anywhere below keep both names', async (t) => {
  const document = {
    paths: { '/plans': { body: ref('PlanInput'), answer: ref('Plan') } },
    components: {
      schemas: {
        Plan: { properties: { owner: ref('Owner') } },
        PlanInput: { properties: { owner: ref('OwnerInput') } },
        Owner: { type: 'object', additionalProperties: false },
        OwnerInput: { type: 'object' },
      },
    },
  };
  t.same(tidySchemas(document), document);
});
