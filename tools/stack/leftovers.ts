import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Hint } from '../hint.ts';
import { dataFolder } from '../paths.ts';
import { useOtherPorts } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import { postGuard, type Guard } from '../processes/guard.ts';
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
  /** The same, and refuses when a launcher lives. */
  claim(): Promise<void>;
  add(pid: number | undefined): void;
  forget(): void;
}

const identify = (pid: number): Identity => ({ pid, beginning: processBeginning(pid) });
const isAlive = ({ pid, beginning }: Identity) => beginning !== undefined && processBeginning(pid) === beginning;

/**
 * A launcher that is killed outright cannot stop its processes, and they would hold their ports for ever.
 * So it notes what it started on which port; its guard ends that at once, and where the guard was killed too, the next start does.
 */
export function openLeftovers(port: number, post = postGuard): Leftovers {
  const file = noteOf(port);
  const note: Note = { launcher: identify(process.pid), started: [] };
  let guard: Guard | undefined;

  async function clear(): Promise<void> {
    const last = readNote(file);
    if (!last || isAlive(last.launcher)) return;
    for (const left of last.started) {
      if (isAlive(left)) signalGroup(left.pid, 'SIGKILL');
      while (isAlive(left)) await delay(10);
    }
    // A guard and the next start may both be at it, and the latter may have gone on to write a note of its own.
    if (readNote(file)?.launcher.pid === last.launcher.pid) rmSync(file, { force: true });
  }

  function write(): void {
    mkdirSync(dataFolder, { recursive: true });
    // Renamed into place: nobody reads half a note.
    writeFileSync(`${file}.new`, JSON.stringify(note));
    renameSync(`${file}.new`, file);
  }

  return {
    clear,
    async claim() {
      await clear();
      const other = readNote(file)?.launcher.pid;
      if (other !== undefined) {
        throw new Hint(
          `This checkout already runs on port ${port} (pid ${other}). Stop that one with Ctrl-C, or ${useOtherPorts(port)}`,
        );
      }
      write();
    },
    add(pid) {
      if (pid === undefined) return;
      guard ??= post('processes', String(port));
      note.started.push(identify(pid));
      write();
    },
    forget() {
      rmSync(file, { force: true });
      guard?.dismiss();
    },
  };
}

/** The process id of this checkout's `npm start` on that port, while it lives. */
export function findLauncher(port: number): number | undefined {
  const launcher = readNote(noteOf(port))?.launcher;
  return launcher && isAlive(launcher) ? launcher.pid : undefined;
}

/** The ports on which launchers of this checkout live. */
export function findLaunchers(): number[] {
  if (!existsSync(dataFolder)) return [];
  return readdirSync(dataFolder)
    .map((file) => Number(/^started-(\d+)\.json$/.exec(file)?.[1]))
    .filter((port) => port > 0 && findLauncher(port) !== undefined);
}

function noteOf(port: number): string {
  return join(dataFolder, `started-${port}.json`);
}

function readNote(file: string): Note | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Note) : undefined;
}
