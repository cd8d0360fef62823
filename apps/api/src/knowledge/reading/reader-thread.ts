// Runs inside the process that `reader-process.ts` is: reads one document and posts what came of it.
import { parentPort, workerData } from 'node:worker_threads';
import { readBytes } from './read-bytes.ts';
import { UnreadableDocument } from './reading.ts';
import type { ReaderAnswer, ReaderTask } from './reader-messages.ts';

const { mediaType, bytes } = workerData as ReaderTask;

async function answer(): Promise<ReaderAnswer> {
  try {
    return { reading: await readBytes(mediaType, new Uint8Array(bytes)) };
  } catch (error) {
    if (error instanceof UnreadableDocument) return { failure: error.why };
    // The parsers throw whatever they like at bytes that make no sense.
    return { failure: error instanceof RangeError ? 'too-complex' : 'damaged' };
  }
}

parentPort?.postMessage(await answer());
