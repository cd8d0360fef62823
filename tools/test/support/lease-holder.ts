// node lease-holder.ts <lease file> <log>: takes a lease, says so, keeps it until killed.
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withLeases } from '../../postgres/leases.ts';

const [file = '', log = '', mode = 'keep'] = process.argv.slice(2);

await withLeases(file, async (leases) => {
  appendFileSync(log, `in ${process.pid}\n`);
  console.log('inside');
  if (mode === 'hang') await delay(600_000);
  await delay(20);
  leases.add();
  appendFileSync(log, `out ${process.pid}\n`);
});
console.log('holds a lease');
if (mode === 'keep') setInterval(() => undefined, 1000);
