// node launcher.ts <port>: starts a process, notes it, and waits to be killed.
import { spawn } from 'node:child_process';
import { openLeftovers } from '../../stack/leftovers.ts';

const leftovers = openLeftovers(Number(process.argv[2]));
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
leftovers.add(child.pid);
console.log(`started ${child.pid ?? ''}`);
