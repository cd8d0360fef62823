import { ConfigError, ProblemError } from '@alva/service-kit';
import { moment } from '../command-line.ts';
import { type Resealed } from '../mfa/reseal-totp.ts';
import { readPrivateKey, toKeyPair } from './key-pair.ts';
import { describeRing, summarizeRing } from './key-report.ts';
import { type KeyRotation } from './key-rotation.service.ts';
import { isOpenedBy, proveOpens, type KeySeal } from './key-seal.ts';
import { rotationTimes } from './key-timing.ts';
import { type KeyCause, type KeyChange, type Ring } from './signing-keys.store.ts';

export interface KeyCommandParts {
  readonly rotation: KeyRotation;
  readonly seal: KeySeal;
  /** Of the KEY_ENCRYPTION_KEY before, where it was given. */
  readonly oldSeal: KeySeal | undefined;
  /** Seals again the secrets of authenticator apps that the key before opens, where it was given. */
  readonly resealTotp: (() => Promise<Resealed>) | undefined;
  /** The text of a file, or of standard input for `-`. */
  readonly readInput: (name: string) => string;
}

export interface KeyCommandOptions {
  readonly now: boolean;
  readonly yes: boolean;
}

const cause: KeyCause = { cause: 'command' };

/**
 * What `npm run keys` can do. Each resolves with the lines to print, none of which holds a secret, and rejects with a
 * ConfigError or ProblemError of one line when it refuses.
 */
export function createKeyCommands({ rotation, seal, oldSeal, resealTotp, readInput }: KeyCommandParts) {
  async function readOpened(): Promise<Ring> {
    const ring = await rotation.read();
    proveOpens(seal, ring);
    return ring;
  }

  return {
    async list(): Promise<string[]> {
      const ring = await readOpened();
      if (ring.keys.length === 0) return ['There are no signing keys yet: auth makes them at its first start.'];
      return describeRing(ring, rotation.timing);
    },

    async check(): Promise<string[]> {
      return [summarizeRing(await readOpened())];
    },

    async rotate({ now, yes }: KeyCommandOptions): Promise<string[]> {
      const ring = await readOpened();
      const current = ring.keys.find(({ state }) => state === 'current')?.kid ?? '';
      if (!now) return rotateInTime(current);
      if (!yes) {
        throw new ConfigError(
          'rotate --now is for a key that leaked: every access token signed until now is refused, sessions go on and renew. ' +
            'To do it: npm run keys -- rotate --now --yes',
        );
      }
      const changes = await rotation.rotateAtOnce(current, cause);
      if (changes.length === 0) throw new ConfigError(`${current} does not sign any more: somebody else was faster.`);
      return [
        ...said(changes),
        'auth refuses what the removed keys signed within 15 seconds, other services once they fetch the keys again, within 5 minutes.',
      ];
    },

    async import(name: string): Promise<string[]> {
      const pair = await toKeyPair(readKey(name));
      const changes = await rotation.add(pair, cause);
      if (changes.length === 0) throw new ConfigError(`The ring has the key ${pair.kid} already.`);
      const { possibleAt } = rotationTimes(await rotation.read(), rotation.timing);
      return [...said(changes), `It may sign from ${moment(possibleAt)}: npm run keys -- rotate`];
    },

    async reseal(): Promise<string[]> {
      const ring = await rotation.read();
      const isOpened = isOpenedBy(seal, ring);
      if (isOpened && !resealTotp) return nothingToReseal;
      if (!oldSeal || !resealTotp) {
        throw new ConfigError(
          'OLD_KEY_ENCRYPTION_KEY is not set. Fix: give it, or OLD_KEY_ENCRYPTION_KEY_FILE, the key before KEY_ENCRYPTION_KEY.',
        );
      }
      if (!isOpened && !isOpenedBy(oldSeal, ring)) {
        throw new ConfigError('OLD_KEY_ENCRYPTION_KEY does not open the signing keys either. Nothing was changed.');
      }
      const changes = await rotation.reseal(oldSeal, cause);
      const authenticators = describeAuthenticators(await resealTotp());
      if (changes.length + authenticators.length === 0) return nothingToReseal;
      return [...said(changes), ...authenticators, ...afterwards];
    },

    async replace({ yes }: KeyCommandOptions): Promise<string[]> {
      if (isOpenedBy(seal, await rotation.read()))
        return ['KEY_ENCRYPTION_KEY opens the signing keys: there is nothing to replace.'];
      if (!yes) {
        throw new ConfigError(
          'replace is for a KEY_ENCRYPTION_KEY that is lost: it removes all signing keys and makes new ones. Access tokens are ' +
            'refused from then on, sessions go on and renew. To do it: npm run keys -- replace --yes',
        );
      }
      return [...said(await rotation.replace(cause)), ...afterwards, lostAuthenticators];
    },
  };

  async function rotateInTime(current: string): Promise<string[]> {
    try {
      const changes = await rotation.rotate(cause);
      return [...said(changes), `Tokens of ${current} are good until they expire.`];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { possibleAt } = rotationTimes(await rotation.read(), rotation.timing);
      throw new ConfigError(
        `The next key is not known to everyone yet: it may sign from ${moment(possibleAt)}. Wait until then, or, if the ` +
          'present one leaked: npm run keys -- rotate --now --yes',
      );
    }
  }

  function readKey(name: string) {
    try {
      return readPrivateKey(readInput(name));
    } catch (error) {
      const reason = error instanceof TypeError ? error.message : 'cannot be read';
      throw new ConfigError(`${name === '-' ? 'Standard input' : name} ${reason}.`, { cause: error });
    }
  }
}

const words: Record<KeyChange['event'], string> = {
  'key-added': 'is published and signs next',
  'key-activated': 'signs from now on',
  'key-removed': 'is removed',
  'keys-resealed': 'is sealed with KEY_ENCRYPTION_KEY now',
};

function said(changes: readonly KeyChange[]): string[] {
  return changes.map(({ event, kid }) => `✓ ${kid} ${words[event]}`);
}

const nothingToReseal = ['KEY_ENCRYPTION_KEY opens the signing keys: there is nothing to seal again.'];

function describeAuthenticators({ resealed, lost }: Resealed): string[] {
  const one = '1 authenticator secret is sealed with KEY_ENCRYPTION_KEY now';
  const many = `${resealed} authenticator secrets are sealed with KEY_ENCRYPTION_KEY now`;
  return [
    ...(resealed === 0 ? [] : [`✓ ${resealed === 1 ? one : many}`]),
    ...(lost === 0 ? [] : [`${lost} could not be opened. ${lostAuthenticators}`]),
  ];
}

const lostAuthenticators =
  'Codes of authenticator apps whose secrets nothing opens are refused: their owners sign in with a recovery code or a passkey, ' +
  'or are helped by npm run people -- reset-second-factor.';

const afterwards = [
  'Restart every copy of auth with this KEY_ENCRYPTION_KEY. Mail that still waits and codes sent before are void: people ask for new ones.',
];
