// Runs beside the reading, in the process that `reader-process.ts` is, and ends that process when it takes too much. It
// sees no byte of the file.
import { parentPort, workerData } from 'node:worker_threads';
import { tooMuch, type ReadingLimits } from './reader-messages.ts';

const { seconds } = workerData as ReadingLimits;
const mebibyte = 1024 * 1024;
/** Of all there is in this process. The limit for objects knows nothing of buffers, which is where PDFs are unpacked. */
const mostMemory = 640 * mebibyte;
/** Waiting included, in times of what is granted at a processor. */
const patience = 4;
const lookEvery = 40;
const { ppid } = process;

function takesTooMuch(): boolean {
  const { user, system } = process.cpuUsage();
  return (
    process.memoryUsage.rss() > mostMemory ||
    (user + system) / 1_000_000 > seconds ||
    process.uptime() > seconds * patience
  );
}

setInterval(() => {
  if (takesTooMuch()) process.kill(process.pid, tooMuch);
  // Nobody waits for the text any more.
  if (process.ppid !== ppid) process.kill(process.pid, 'SIGKILL');
}, lookEvery);
parentPort?.postMessage('watching');
