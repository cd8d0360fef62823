import { openDatabase } from '@alva/database';
import type { Examination } from './examinations.ts';

/** Tokens allow for 30 s between two machines; half of it is a clock nobody looks after. */
const mostSeconds = 15;

/** This machine's clock against that of the database, which all processes share. */
export const examineClock: Examination = async ({ openDatabase: open }) => {
  try {
    const ahead = (await millisecondsAhead(await open())) / 1000;
    const found = `${Math.abs(ahead).toFixed(1)} s ${ahead < 0 ? 'behind' : 'ahead of'} the database`;
    return { ok: Math.abs(ahead) < mostSeconds, found, fix: 'keep both clocks by NTP' };
  } catch {
    return { ok: false, found: 'cannot be compared with that of the database', fix: 'see Database' };
  }
};

async function millisecondsAhead(url: string): Promise<number> {
  const database = openDatabase({ url, role: 'alva_auth', name: 'alva doctor', maximumConnections: 1 });
  try {
    // The first statement also connects; only the second is timed.
    await database.run('select 1');
    const asked = Date.now();
    const [row] = await database.run<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    return (asked + Date.now()) / 2 - (row?.now ?? NaN);
  } finally {
    await database.close();
  }
}
