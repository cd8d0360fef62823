import { openQueues } from '@alva/queue';
import { Hint } from '../hint.ts';
import type { StackEnvironment } from '../environment/stack-environment.ts';

/** The services would wait for their Redis to come up; someone who has just mistyped its address should not. */
export async function checkStackRedis({ variables }: StackEnvironment): Promise<void> {
  const redisUrl = variables['REDIS_URL'];
  // Any other URL the services refuse themselves, by name.
  if (!redisUrl || !/^rediss?:$/.test(URL.parse(redisUrl)?.protocol ?? '')) return;
  const heard: string[] = [];
  const logger = {
    info: () => undefined,
    warn: () => undefined,
    error({ error }: { error?: Error }) {
      if (error) heard.push(error.message);
    },
  };
  const queues = await openQueues({ databaseUrl: '', redisUrl, role: 'alva_app', logger });
  try {
    await queues.check();
  } catch (error) {
    const { host } = new URL(redisUrl);
    const [reason = (error as Error).message] = heard;
    throw new Hint(`REDIS_URL (${host}) cannot be used: ${reason}. Correct it, or unset it to use Postgres alone.`);
  } finally {
    await queues.close();
  }
}
