import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface PrivateServer {
  readonly url: string;
  /** Ends it by this signal; resolves once the process is gone. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again where it was, with what it had. */
  start(): Promise<void>;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

const tool = fileURLToPath(new URL('../../../tools/private-server.ts', import.meta.url));

/** A Postgres or Redis that only this test uses, and may stop. Gone with the test, also when that is killed. */
export async function startPrivateServer(t: Teardown, kind: 'postgres' | 'redis'): Promise<PrivateServer> {
  // In a group of its own, out of reach of a Ctrl-C: it ends when its input does.
  const child = spawn(process.execPath, [tool, kind], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.stdin.end();
    await gone;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

  async function answer(): Promise<string> {
    const { done, value } = await lines.next();
    if (done) throw new Error(`The private ${kind} ended`);
    return value;
  }

  async function order(line: string): Promise<void> {
    child.stdin.write(`${line}\n`);
    await answer();
  }

  return { url: await answer(), stop: order, start: () => order('start') };
}
