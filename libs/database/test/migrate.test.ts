import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import t from 'tap';
import { migrate, openDatabase, refuseOtherSchema, users } from '../src/index.ts';
import { emptyDatabase } from './support/empty-database.ts';

void t.test('ten copies booting at once on an empty database migrate it once', async (t) => {
  const url = await emptyDatabase(t);
  await Promise.all(Array.from({ length: 10 }, () => migrate({ url })));
  const sql = postgres(url, { max: 1 });
  t.teardown(() => sql.end());
  const applied = await sql`select hash from drizzle.__drizzle_migrations`;
  t.equal(new Set(applied.map((row) => row['hash'] as string)).size, applied.length);
});

void t.test('a service cannot read the tables of the other', async (t) => {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const auth = openDatabase({ url, role: 'alva_auth', name: 'test' });
  const app = openDatabase({ url, role: 'alva_app', name: 'test' });
  t.teardown(() => Promise.all([auth.close(), app.close()]));
  t.strictSame(await auth.db.select().from(users), []);
  await t.rejects(app.run('select * from auth.users'), { code: '42501' });
  await t.rejects(auth.run('select * from app.jobs'), { code: '42501' });
});

void t.test('one login is enough, also when it may hand the roles on but not take them on', async (t) => {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const admin = postgres(url, { max: 1, onnotice: () => undefined });
  t.teardown(() => admin.end());
  // What Postgres 16 and newer make of a login with CREATEROLE that made the roles itself.
  const owner = `owner_${randomBytes(6).toString('hex')}`;
  await admin.unsafe(`create role ${owner} login password 'test'`);
  t.teardown(() => admin.unsafe(`drop owned by ${owner} cascade; drop role ${owner}`));
  await admin.unsafe(`grant alva_auth, alva_app to ${owner} with admin true, inherit false, set false`);
  await admin.unsafe('drop schema auth, app, drizzle cascade');
  await admin.unsafe(`grant create on database ${new URL(url).pathname.slice(1)} to ${owner}`);

  const asOwner = Object.assign(new URL(url), { username: owner, password: 'test' }).href;
  await migrate({ url: asOwner });
  const auth = openDatabase({ url: asOwner, role: 'alva_auth', name: 'test' });
  t.teardown(() => auth.close());
  t.strictSame(await auth.db.select().from(users), []);
});

void t.test('the audit trail is only ever appended to', async (t) => {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const auth = openDatabase({ url, role: 'alva_auth', name: 'test' });
  t.teardown(() => auth.close());
  await auth.run("insert into auth.audit_events (event) values ('signed-in')");
  await t.rejects(auth.run("update auth.audit_events set event = 'x'"), { code: '42501' });
  await t.rejects(auth.run('delete from auth.audit_events'), { code: '42501' });
});

void t.test(
  'a database of another version is refused in one line: behind, ahead, or of no version we go on from',
  async (t) => {
    const url = await emptyDatabase(t);
    await migrate({ url });
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    t.teardown(() => sql.end());
    const auth = openDatabase({ url, role: 'alva_auth', name: 'test' });
    t.teardown(() => auth.close());
    const startUp = () => refuseOtherSchema(auth.run);
    await t.resolves(startUp());

    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)`;
    await t.resolves(startUp(), 'copies of the version before may restart while a new one comes');
    await t.rejects(migrate({ url }), { name: 'OtherSchema', message: /by a newer version/ });

    await sql`update drizzle.__drizzle_migrations set created_at = created_at - 1`;
    const foreign = {
      name: 'OtherSchema',
      message: /^The database was made by a version .* none made before 0\.1\.0 can/,
    };
    await t.rejects(startUp(), foreign);
    await t.rejects(migrate({ url }), foreign);

    await sql`delete from drizzle.__drizzle_migrations`;
    await t.rejects(startUp(), {
      name: 'OtherSchema',
      message: /not migrated to this version\. Fix: npm run db:migrate$/,
    });
    await sql`drop schema drizzle cascade`;
    await t.rejects(migrate({ url }), foreign, 'tables that no migration of ours is recorded for');
  },
);
