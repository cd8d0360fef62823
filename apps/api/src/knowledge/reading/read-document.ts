import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReaderAnswer, ReaderTask } from './reader-messages.ts';
import { type Reading, UnreadableDocument } from './reading.ts';

const program = fileURLToPath(new URL('reader-process.ts', import.meta.url));

/**
 * What the process may do: read its own code. No network is asked for and no secret handed in: its environment is empty.
 * It cannot write, start programs or make code out of text.
 */
const confinement = [
  '--permission',
  '--allow-worker',
  ...[dirname(program), packagesOf('unpdf/pdfjs'), packagesOf('htmlparser2')].map((path) => `--allow-fs-read=${path}`),
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

/** The folder in which a package and what it needs are installed. */
function packagesOf(name: string): string {
  const path = fileURLToPath(import.meta.resolve(name));
  return path.slice(0, path.lastIndexOf('node_modules') + 'node_modules'.length);
}
