// A thread for bcrypt, which is written in JavaScript and would hold up every other request for as long as it takes.
import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

parentPort?.on('message', ({ id, password, hash }: { id: number; password: string; hash: string }) => {
  parentPort?.postMessage({ id, right: compareSync(password, hash) });
});
