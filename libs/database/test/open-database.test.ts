import t from 'tap';
import { migrate, openDatabase } from '../src/index.ts';
import { emptyDatabase } from './support/empty-database.ts';

for (const options of [
  '',
  '?options=',
  '?options=-c%20search_path%3Dapp%20-c%20role%3Dalva_app%20-c%20statement_timeout%3D0',
]) {
  t.test(
    `both kinds of connection have the rights and the time of the role${options && `, with ${options}`}`,
    async (t) => {
      const url = await emptyDatabase(t);
      await migrate({ url });
      const database = openDatabase({ url: `${url}${options}`, role: 'alva_auth', name: 'test' });
      t.teardown(() => database.close());
      const text = `select current_user::text as role, current_setting('statement_timeout') as patience`;
      const expected = [{ role: 'alva_auth', patience: '2500ms' }];
      t.strictSame([...(await database.run(text))], expected);
      t.strictSame(await database.transaction((run) => run(text)), expected);
    },
  );
}
