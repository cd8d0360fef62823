// node src/people-main.ts <command>: for emergencies, when no administrator can. `npm run people` starts it with the environment of the stack.
import { createDisposer } from '@alva/service-kit';
import { runCommandLine } from './command-line.ts';

const usage = `Usage: npm run people -- <command>

  list                         administrators, and who is disabled
  show <email>                 an account, what opens it, and others whose address differs in case only
  disable <email>              nobody gets in with it any more, all its sessions end
  enable <email>               it may sign in again
  make-admin <email>           gives an account the role admin
  reset-second-factor <email>  asks for no code of an app any more, ends all sessions of an account, tells its owner
  remove-ways-in <email>       takes password, passkeys, providers and second factor away and ends all sessions, tells its owner
  move <old> <new>             gives an account another address without asking either mailbox, ends all its sessions, tells both
  keep <email>                 an account that was to be deleted stays
  delete <email> --yes         deletes an account at once and for good
  end-sessions <email>         ends all sessions of an account
  import <file>                makes an account of each line of a file (docs/operations/importing-people.md)
  end-all-sessions --yes       ends every session: everybody signs in again

Of the database of DATABASE_URL, else of the embedded one. When to use which: docs/operations/incidents.md`;

await runCommandLine({
  usage,
  commands: {
    list: null,
    show: '<email>',
    disable: '<email>',
    enable: '<email>',
    'make-admin': '<email>',
    'reset-second-factor': '<email>',
    'remove-ways-in': '<email>',
    move: '<old> <new>',
    keep: '<email>',
    delete: '<email>',
    'end-sessions': '<email>',
    import: '<file>',
    'end-all-sessions': null,
  },
  flags: ['yes'],
  async answer({ command, operand, secondOperand, yes }) {
    const [
      { readPeopleConfig },
      { openPeopleResources },
      { createPeopleCommands },
      { createAnnouncer },
      { createOwnerTeller },
    ] = await Promise.all([
      import('./config.ts'),
      import('./command-resources.ts'),
      import('./admin/people-commands.ts'),
      import('./sessions/announcer.ts'),
      import('./admin/tell-owner.ts'),
    ]);
    const disposer = createDisposer();
    try {
      const { stores, topics, mailing } = await openPeopleResources(readPeopleConfig(), disposer);
      let unheard = 0;
      const metrics = { countFailedAnnouncement: () => (unheard += 1) };
      const announceEnds = createAnnouncer({ topics, metrics, log: { warn: () => undefined } });
      const commands = createPeopleCommands({ stores, announceEnds, tellOwner: createOwnerTeller(mailing) });
      const answer = (): Promise<string[]> => {
        switch (command) {
          case 'list':
            return commands.list();
          case 'end-all-sessions':
            return commands[command]({ yes });
          case 'delete':
            return commands.delete(operand, { yes });
          case 'move':
            return commands.move(operand, secondOperand);
          default:
            return commands[command](operand);
        }
      };
      const lines = await answer();
      const missed = `${unheard} of them could not be announced: verifiers learn of them within 30 seconds.`;
      return unheard > 0 ? [...lines, missed] : lines;
    } finally {
      await disposer.dispose();
    }
  },
});
