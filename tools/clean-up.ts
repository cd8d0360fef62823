// node tools/clean-up.ts <pid> <beginning> processes <port> | postgres <folder>: run by the guard of a process that was killed.
import { setTimeout as delay } from 'node:timers/promises';
import { processBeginning } from './processes/liveness.ts';
import type { CleanUp } from './processes/guard.ts';
import { stopAbandoned } from './postgres/embedded-postgres.ts';
import { openLeftovers } from './stack/leftovers.ts';

const [pid, beginning, ...rest] = process.argv.slice(2);
// Its files were closed a moment before it is gone.
while (processBeginning(Number(pid)) === beginning) await delay(10);

const [what, where] = rest as CleanUp;
if (what === 'processes') await openLeftovers(Number(where)).clear();
else await stopAbandoned(where);
