import { Redis } from 'ioredis';

export interface TestRedis {
  /** URL of a database of this Redis that no other test uses. */
  readonly url: string;
  /** Loses everything in it, as a Redis without persistence does when it starts anew. */
  flush(): Promise<void>;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

const databases = Array.from({ length: 15 }, (_, index) => index + 1);
const leaseSeconds = 600;

/** An empty database of the Redis at `ALVA_TEST_REDIS_URL`, or undefined where the tests have no Redis. */
export async function createTestRedis(t: Teardown): Promise<TestRedis | undefined> {
  const serverUrl = process.env['ALVA_TEST_REDIS_URL'];
  if (!serverUrl) return undefined;
  const server = new Redis(serverUrl);
  const number = await lease(server);
  const url = new URL(serverUrl);
  url.pathname = `/${number}`;
  const client = new Redis(url.href);
  await client.flushdb();
  t.teardown(async () => {
    await client.flushdb();
    await server.del(leaseName(number));
    client.disconnect();
    server.disconnect();
  });
  return {
    url: url.href,
    async flush() {
      await client.flushdb();
    },
  };
}

/** Database 0 holds who uses which of the others; a test that was killed loses its lease with time. */
async function lease(server: Redis): Promise<number> {
  for (const number of databases) {
    if (await server.set(leaseName(number), process.pid, 'EX', leaseSeconds, 'NX')) return number;
  }
  throw new Error('All databases of the test Redis are in use');
}

function leaseName(number: number): string {
  return `alva-test:database:${number}`;
}
