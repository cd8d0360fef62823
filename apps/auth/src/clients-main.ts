// node src/clients-main.ts <command>: the services that may ask auth about tokens and revoke them. `npm run clients` starts it with the
// environment of the stack.
import { runCommandLine } from './command-line.ts';

const usage = `Usage: npm run clients -- <command>

  add "name"     credentials for a service; the name says what it is for
  list           who has credentials, and when they were last used
  remove <id>    its credentials are refused from then on

Of the database of DATABASE_URL, else of the embedded one`;

await runCommandLine({
  usage,
  commands: { add: '"name"', list: null, remove: '<id>' },
  async answer({ command, operand }) {
    const [{ readClientsConfig }, { openClientResources }, { createClientCommands }] = await Promise.all([
      import('./config.ts'),
      import('./command-resources.ts'),
      import('./clients/client-commands.ts'),
    ]);
    const { store, close } = openClientResources(readClientsConfig());
    try {
      return await createClientCommands(store)[command](operand);
    } finally {
      await close();
    }
  },
});
