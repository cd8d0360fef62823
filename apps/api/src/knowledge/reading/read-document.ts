import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tooMuch, type ReaderAnswer, type ReaderTask } from './reader-messages.ts';
import { type Reading, UnreadableDocument } from './reading.ts';

const program = fileURLToPath(new URL('reader-process.ts', import.meta.url));

/** Of objects, in mebibytes. Where it ends, V8 ends the process. */
const mostHeap = 384;
const endings = new Set<unknown>([tooMuch, 'SIGABRT']);

/**
 * What the process may do: read its own code and start one thread, until it gives up both. It cannot write, start programs
 * or make code out of text, and its environment is empty. From Node 25 on it cannot reach the network either.
 */
export const confinement = [
  '--permission',
  '--allow-worker',
  ...[dirname(program), ...packagesOf('unpdf', program), ...packagesOf('htmlparser2', program)].map(
    (path) => `--allow-fs-read=${path}`,
  ),
  `--max-old-space-size=${mostHeap}`,
  '--disallow-code-generation-from-strings',
  '--disable-warning=SecurityWarning',
];

/**
 * Reads a file that anybody may have made, in a process that is ended when it takes too long, takes too much memory, or is
 * not needed any more. Throws UnreadableDocument when it is the file's fault.
 */
export async function readDocument(task: ReaderTask, signal: AbortSignal): Promise<Reading> {
  signal.throwIfAborted();
  const reader = fork(program, {
    execArgv: confinement,
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const end = () => void reader.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    const answered = Promise.race([
      once(reader, 'message').then(([answer]) => answer as ReaderAnswer),
      once(reader, 'exit').then(([code, killedBy]) => {
        if (endings.has(killedBy)) throw new UnreadableDocument('too-complex');
        throw new Error(`The reader ended without a word (${String(killedBy ?? code)})`);
      }),
    ]);
    reader.send(task, () => undefined);
    const answer = await answered;
    if ('failure' in answer) throw new UnreadableDocument(answer.failure);
    return answer.reading;
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** The folders of a package and of those it needs, without the others that are installed beside them. */
function packagesOf(name: string, from: string): string[] {
  const folder = folderOf(name, from);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return [folder, ...Object.keys(dependencies).flatMap((each) => packagesOf(each, join(folder, 'package.json')))];
}

function folderOf(name: string, from: string): string {
  const manifest = findPackageJSON(name, pathToFileURL(from));
  if (manifest === undefined) throw new Error(`${name} is not installed`);
  return dirname(realpathSync(manifest));
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}
