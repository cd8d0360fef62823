// A process of its own for one document: files may be made to fill memory, to take for ever or to bring down whoever reads
// them. The reading is done in a thread, so that this one stays free to see that it takes too much.
import { Worker } from 'node:worker_threads';
import type { ReaderAnswer, ReaderTask, ReadingLimits } from './reader-messages.ts';

const mebibyte = 1024 * 1024;
/** Of all there is in this process. The limits of threads know nothing of buffers, which is where PDFs are unpacked. */
const mostMemory = 640 * mebibyte;
/** Of objects. */
const mostHeap = 384;
/** Waiting included, in times of what is granted at a processor. */
const patience = 4;
const lookEvery = 40;

process.once('message', (task: ReaderTask) => {
  const thread = new Worker(new URL('reader-thread.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: mostHeap },
  });
  thread.once('message', say);
  thread.once('error', () => say({ failure: 'too-complex' }));
  setInterval(() => {
    if (takesTooMuch(task.limits)) say({ failure: 'too-complex' });
  }, lookEvery);
});
// Whoever asked is gone.
process.once('disconnect', () => process.exit());

let said = false;
function say(answer: ReaderAnswer): void {
  if (said) return;
  said = true;
  process.send?.(answer, () => process.exit());
}

function takesTooMuch({ seconds }: ReadingLimits): boolean {
  const { user, system } = process.cpuUsage();
  return (
    process.memoryUsage.rss() > mostMemory ||
    (user + system) / 1_000_000 > seconds ||
    process.uptime() > seconds * patience
  );
}
