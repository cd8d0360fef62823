// A process of its own for one document: files may be made to fill memory, to take for ever or to bring down whoever reads
// them. A thread beside the reading ends it when it takes too much. Before a file is looked at, what only the beginning
// needs is given up: no thread can be started then, and no file read.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ReaderAnswer, ReaderTask } from './reader-messages.ts';
import { UnreadableDocument } from './reading.ts';

async function answer({ mediaType, bytes, limits }: ReaderTask): Promise<ReaderAnswer> {
  const { loadReader } = await import('./read-bytes.ts');
  const read = await loadReader(mediaType);
  await once(new Worker(new URL('reader-watch.ts', import.meta.url), { workerData: limits }), 'message');
  giveUp('worker');
  giveUp('fs.read');
  try {
    return { reading: await read(new Uint8Array(bytes)) };
  } catch (error) {
    if (error instanceof UnreadableDocument) return { failure: error.why };
    // The parsers throw whatever they like at bytes that make no sense.
    return { failure: error instanceof RangeError ? 'too-complex' : 'damaged' };
  }
}

/** Throws where Node knows no such thing, so that nothing is read with more rights than these. */
function giveUp(permission: 'worker' | 'fs.read'): void {
  const own = process.permission as typeof process.permission & { drop(permission: string): void };
  own.drop(permission);
  if (own.has(permission)) throw new Error(`The reader still has ${permission}`);
}

process.once('message', (task: ReaderTask) => {
  // What goes wrong before the file is looked at is not the file's fault, and is told by the way the process ends.
  void answer(task).then((said) => process.send?.(said, () => process.exit()));
});
// Whoever asked is gone.
process.once('disconnect', () => process.exit());
