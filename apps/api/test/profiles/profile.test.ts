import t from 'tap';
import { createStack } from '../support/stack.ts';
import { profile } from '../support/profile.ts';

void t.test('a person has strictly one profile, however many requests race', async (t) => {
  const stack = await createStack(t);
  const [one, two] = [await stack.api(), await stack.api()];
  const person = await stack.person(one);
  t.match(await person.send('GET', '/user/profile'), { status: 404, body: { code: 'not-found' } });

  const names = Array.from({ length: 40 }, (_, index) => `Café ${index}`);
  const replies = await Promise.all(
    names.map((businessName, index) =>
      person.at(index % 2 ? one.url : two.url).send('PUT', '/user/profile', { ...profile, businessName }),
    ),
  );
  t.ok(replies.every(({ status }) => status === 200));
  t.equal((await stack.database.sql`select from app.profiles`).length, 1);
  const kept = await person.send('GET', '/user/profile');
  t.same(kept.body, { ...profile, businessName: kept.body['businessName'] });
  t.ok(names.includes(String(kept.body['businessName'])));
});
