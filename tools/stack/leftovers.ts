import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dataFolder } from '../paths.ts';
import { processBeginning } from '../processes/liveness.ts';
import { signalGroup } from '../processes/managed-process.ts';

interface Note {
  launcher: Identity;
  started: Identity[];
}

interface Identity {
  pid: number;
  beginning: string | undefined;
}

export interface Leftovers {
  /** Ends what a killed launcher left. */
  clear(): Promise<void>;
  add(pid: number | undefined): void;
  forget(): void;
}

const identify = (pid: number): Identity => ({ pid, beginning: processBeginning(pid) });
const isAlive = ({ pid, beginning }: Identity) => beginning !== undefined && processBeginning(pid) === beginning;

/**
 * A launcher that is killed outright cannot stop its processes, and they would hold their ports for ever.
 * So it notes what it started, and the next start on these ports ends what is left of it.
 */
export function openLeftovers(webPort: number): Leftovers {
  const file = join(dataFolder, `started-${webPort}.json`);
  const note: Note = { launcher: identify(process.pid), started: [] };
  return {
    async clear() {
      if (!existsSync(file)) return;
      const last = JSON.parse(readFileSync(file, 'utf8')) as Note;
      if (isAlive(last.launcher)) return;
      for (const left of last.started) {
        if (isAlive(left)) signalGroup(left.pid, 'SIGKILL');
        while (isAlive(left)) await delay(10);
      }
      rmSync(file);
    },
    add(pid) {
      if (pid === undefined) return;
      note.started.push(identify(pid));
      mkdirSync(dataFolder, { recursive: true });
      writeFileSync(file, JSON.stringify(note));
    },
    forget: () => rmSync(file, { force: true }),
  };
}
