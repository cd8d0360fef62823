import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { processBeginning } from '../processes/liveness.ts';

/** Who uses the server right now. Only reachable inside `withLeases`, so nobody else looks or changes meanwhile. */
export interface Leases {
  add(): number;
  remove(lease: number): void;
  count(): number;
}

// The low byte of SQLite's code; the rest only tells what exactly the other process was doing.
const isBusy = (error: unknown) => ((error as { errcode?: number }).errcode ?? 0) % 256 === 5;

/**
 * Runs `work` while no other process is inside it. The lock is SQLite's own on its file, which the kernel frees when its holder dies,
 * so a launcher killed at any moment leaves neither a stuck lock nor, its lease being cleared here, a server nobody stops.
 */
export async function withLeases<T>(file: string, work: (leases: Leases) => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file);
  try {
    await beginExclusively(database);
    database.exec(
      'create table if not exists leases (id integer primary key, pid integer not null, beginning text not null)',
    );
    dropLeasesOfTheDead(database);
    const result = await work({
      add: () =>
        Number(
          database
            .prepare('insert into leases (pid, beginning) values (?, ?)')
            .run(process.pid, processBeginning(process.pid) ?? '').lastInsertRowid,
        ),
      remove: (lease) => void database.prepare('delete from leases where id = ?').run(lease),
      count: () => Number(database.prepare('select count(*) as n from leases').get()?.['n']),
    });
    database.exec('commit');
    return result;
  } finally {
    database.close();
  }
}

async function beginExclusively(database: DatabaseSync): Promise<void> {
  for (;;) {
    try {
      database.exec('pragma synchronous = off; begin exclusive');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      // Waiting here rather than in SQLite keeps Ctrl-C alive while another launcher prepares the server.
      await delay(10 + Math.random() * 20);
    }
  }
}

function dropLeasesOfTheDead(database: DatabaseSync): void {
  for (const row of database.prepare('select id, pid, beginning from leases').all()) {
    if (processBeginning(Number(row['pid'])) !== row['beginning']) {
      database.prepare('delete from leases where id = ?').run(Number(row['id']));
    }
  }
}
