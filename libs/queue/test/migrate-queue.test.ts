import t from 'tap';
import { Client } from 'pg';
import { migrateQueue } from '../src/index.ts';
import { queueRoles } from '../src/postgres/connection-config.ts';
import { createDatabase } from './support/database.ts';

void t.test('ten copies migrating at once all succeed, and once more changes nothing', async (t) => {
  const url = await createDatabase(t);
  await Promise.all(Array.from({ length: 10 }, () => migrateQueue({ url })));
  const client = new Client(url);
  await client.connect();
  t.teardown(() => client.end());
  const before = await client.query('select * from queue.migration order by version');
  await migrateQueue({ url });
  const after = await client.query('select * from queue.migration order by version');
  t.ok(before.rows.length > 0);
  t.same(after.rows, before.rows);
});

void t.test('the services’ roles may use the queue and not change its shape', async (t) => {
  const url = await createDatabase(t);
  await migrateQueue({ url });
  for (const role of queueRoles) {
    const client = new Client({ connectionString: url, options: `-c role=${role} -c search_path=queue` });
    await client.connect();
    t.teardown(() => client.end());
    await client.query('select count(*) from job');
    await t.rejects(client.query('delete from migration'), { code: '42501' });
    await t.rejects(client.query('create table queue.mine (id int)'), { code: '42501' });
    await t.rejects(client.query('drop table job'), { code: '42501' });
  }
});
