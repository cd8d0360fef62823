// node launcher.ts <port> [unguarded]: starts a process, notes it, and waits to be killed.
import { spawn } from 'node:child_process';
import { postGuard } from '../../processes/guard.ts';
import { openLeftovers } from '../../stack/leftovers.ts';

const [port, mode] = process.argv.slice(2);
const noGuard = () => ({ dismiss: () => undefined });
const leftovers = openLeftovers(Number(port), mode === 'unguarded' ? noGuard : postGuard);
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
leftovers.add(child.pid);
console.log(`started ${child.pid ?? ''}`);
