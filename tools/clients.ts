// npm run clients -- <command>: credentials of services that ask auth about tokens.
import { runAuthCommand } from './auth-command.ts';
import { runCommand } from './hint.ts';

await runCommand(() => runAuthCommand('clients'));
