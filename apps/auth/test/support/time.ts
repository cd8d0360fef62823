import { type TestDatabase } from '@alva/testing';

/** Time passes: everything that the service remembers happened so much longer ago, or ends so much sooner. */
export async function letTimePass({ sql }: TestDatabase, interval: string): Promise<void> {
  const columns = await sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'auth' and data_type = 'timestamp with time zone'`;
  for (const { table, column } of columns) {
    await sql.unsafe(`update auth.${table} set ${column} = ${column} - interval '${interval}'`);
  }
}
