// node src/keys-main.ts <command>: looks after the ring of signing keys. `npm run keys` starts it with the environment of the stack.
import { readFileSync } from 'node:fs';
import { runCommandLine } from './command-line.ts';

const usage = `Usage: npm run keys -- <command>

  list                  the keys: which one signs, which comes next, which only verify
  rotate                the next key signs from now on, and nobody notices
  rotate --now --yes    the same after a leak: at once, and all other keys that signed are removed
  import <file>         a P-256 private key in PEM or JWK (- for standard input) becomes the next one
  reseal                after KEY_ENCRYPTION_KEY was changed; OLD_KEY_ENCRYPTION_KEY is the one before
  replace --yes         after KEY_ENCRYPTION_KEY was lost: new keys in place of those that cannot be opened
  check                 whether KEY_ENCRYPTION_KEY opens the keys

Keys are those of DATABASE_URL, else of the embedded database. Secrets may come from files: NAME_FILE=/run/secrets/name
What each does to people who are signed in: docs/operations/keys.md`;

await runCommandLine({
  usage,
  commands: { list: null, rotate: null, import: '<file>', reseal: null, replace: null, check: null },
  flags: ['now', 'yes'],
  async answer({ command, operand, ...options }) {
    // Not before it is known what to do: whoever asks for help should not wait for all of auth to be loaded.
    const [{ readKeysConfig }, { openKeyResources }, { createKeyCommands }] = await Promise.all([
      import('./config.ts'),
      import('./command-resources.ts'),
      import('./tokens/key-commands.ts'),
    ]);
    const { close, ...parts } = openKeyResources(readKeysConfig());
    try {
      const commands = createKeyCommands({
        ...parts,
        readInput: (name) => readFileSync(name === '-' ? process.stdin.fd : name, 'utf8'),
      });
      switch (command) {
        case 'list':
        case 'check':
        case 'reseal':
          return await commands[command]();
        case 'rotate':
        case 'replace':
          return await commands[command](options);
        case 'import':
          return await commands.import(operand);
      }
    } finally {
      await close();
    }
  },
});
