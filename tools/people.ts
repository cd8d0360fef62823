// npm run people -- <command>: administers accounts when nobody else can.
import { runAuthCommand } from './auth-command.ts';
import { runCommand } from './hint.ts';

await runCommand(() => runAuthCommand('people'));
