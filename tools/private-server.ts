// node tools/private-server.ts postgres|redis: a server of the caller's own, which keeps its data, to be stopped and started.
// Says its URL, then obeys lines, each answered by "done": a signal's name ends it, "start" starts it again. Gone with its input.
import { createInterface } from 'node:readline';
import { Hint, runCommand } from './hint.ts';
import { openPrivatePostgres } from './postgres/private-postgres.ts';
import { openPrivateRedis } from './redis/private-redis.ts';

export interface PrivateServer {
  readonly url: string;
  start(): Promise<void>;
  /** Resolves once the process is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Ends it, and forgets its data. */
  close(): Promise<void>;
}

const kinds = { postgres: openPrivatePostgres, redis: openPrivateRedis };

async function main([kind = '']: string[]): Promise<number> {
  if (!(kind in kinds)) throw new Hint('Usage: node tools/private-server.ts postgres|redis');
  const server = await kinds[kind as keyof typeof kinds]();
  try {
    await server.start();
    console.log(server.url);
    for await (const line of createInterface(process.stdin)) {
      await (line === 'start' ? server.start() : server.stop(line as NodeJS.Signals));
      console.log('done');
    }
    return 0;
  } finally {
    await server.close();
  }
}

await runCommand(() => main(process.argv.slice(2)));
