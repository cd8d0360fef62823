import { Worker } from 'node:worker_threads';

export interface Bcrypt {
  compare(password: string, hash: string): Promise<boolean>;
  close(): Promise<void>;
}

type Waiting = PromiseWithResolvers<boolean>;

/** Compares with bcrypt in a thread of its own, which is started when the first person comes who has such a hash. */
export function openBcrypt(): Bcrypt {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | undefined;
  let asked = 0;

  function start(): Worker {
    const worker = new Worker(new URL('./bcrypt-thread.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, right }: { id: number; right: boolean }) => {
      waiting.get(id)?.resolve(right);
      waiting.delete(id);
    });
    worker.on('error', (error: Error) => fail(worker, error));
    worker.on('exit', () => fail(worker, new Error('The thread for bcrypt ended')));
    return worker;
  }

  /** The next who comes starts another. */
  function fail(worker: Worker, error: Error): void {
    if (thread !== worker) return;
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  return {
    compare(password, hash) {
      thread ??= start();
      const id = (asked += 1);
      const answer = Promise.withResolvers<boolean>();
      waiting.set(id, answer);
      thread.postMessage({ id, password, hash });
      return answer.promise;
    },
    async close() {
      await thread?.terminate();
    },
  };
}
