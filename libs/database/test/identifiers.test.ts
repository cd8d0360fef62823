import t from 'tap';
import { newIdentifier } from '../src/index.ts';

void t.test('identifiers are unique UUIDs of version 7 that sort by age', async (t) => {
  const made = Array.from({ length: 1000 }, (_, index) => newIdentifier(1_700_000_000_000 + index));
  t.equal(new Set(made).size, 1000);
  t.strictSame(made.toSorted(), made);
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  t.ok(made.every((id) => shape.test(id)));
});
