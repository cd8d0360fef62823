// npm run keys -- <command>: looks after the signing keys.
import { runAuthCommand } from './auth-command.ts';
import { runCommand } from './hint.ts';

await runCommand(() => runAuthCommand('keys'));
