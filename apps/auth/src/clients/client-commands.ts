import { ConfigError } from '@alva/service-kit';
import { line } from '@alva/validation';
import { moment } from '../command-line.ts';
import { hashSecret, newSecret } from '../secrets/secret.ts';
import { type ClientsStore } from './clients.store.ts';

/**
 * What `npm run clients` can do. Each resolves with the lines to print, and rejects with a ConfigError of one line when it
 * refuses. A secret is among the lines once, when it is made.
 */
export function createClientCommands(store: ClientsStore) {
  return {
    async add(given: string): Promise<string[]> {
      const { success, data: name } = line(100).safeParse(given);
      if (!success) throw new ConfigError('A name is one line of at most 100 characters: what the client is for.');
      const secret = newSecret();
      const { id, alike } = await store.add(name, hashSecret(secret));
      return [
        `client_id       ${id}`,
        `client_secret   ${secret}`,
        ...(alike > 0
          ? [`${alike + 1} clients are called ${name} now: npm run clients -- list, and remove those no longer used.`]
          : []),
        'The secret is shown this once and stored as a hash: keep it where the service finds it.',
      ];
    },

    async list(): Promise<string[]> {
      const clients = await store.list();
      if (clients.length === 0) return ['There are no clients. Make one: npm run clients -- add "name"'];
      return clients.map(
        ({ id, name, createdAt, lastUsedAt }) =>
          `${id}   made ${moment(createdAt)}   last used ${moment(lastUsedAt).padEnd(moment(0).length)}   ${name}`,
      );
    },

    async remove(id: string): Promise<string[]> {
      const name = await store.remove(id);
      if (name === undefined) throw new ConfigError(`There is no client ${id}. npm run clients -- list shows all.`);
      return [`${name} is removed: its credentials are refused from now on.`];
    },
  };
}
