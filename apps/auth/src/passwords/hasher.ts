import { createCipheriv, pbkdf2, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { computeArgon2, newArgon2Input, type Argon2Cost } from './argon2.ts';
import { type Bcrypt } from './bcrypt.ts';
import { type HashQueue } from './hash-queue.ts';
import { readStoredHash, writeArgon2, type FirebaseParts, type ScryptInput, type StoredHash } from './stored-hash.ts';

export interface HasherOptions {
  readonly cost: Argon2Cost;
  readonly queue: HashQueue;
  readonly bcrypt: Bcrypt;
}

export interface Comparison {
  readonly right: boolean;
  /** Whether it should be hashed anew: with another algorithm, or at another cost. */
  readonly outdated: boolean;
}

export type Hasher = ReturnType<typeof createHasher>;

/** Hashes passwords with argon2id, and compares with what is stored, also as other systems made it. */
export function createHasher({ cost, queue, bcrypt }: HasherOptions) {
  // Looks like a real one, and no password leads to it: what is compared with it takes as long as with any other.
  const nobodys = { ...newArgon2Input(cost), algorithm: 'argon2', hash: Buffer.alloc(32) } as const;

  async function newHash(password: string): Promise<string> {
    const input = newArgon2Input(cost);
    return writeArgon2(input, await computeArgon2(prepare(password), input));
  }

  return {
    /** Throws `service-unavailable` when too many are being hashed. */
    hash: (password: string): Promise<string> => queue.run(() => newHash(password)),

    /** Undefined when there is no time for it now. */
    hashIfIdle: (password: string): Promise<string | undefined> => queue.runIfIdle(() => newHash(password)),

    /** With null, does the same work for somebody who has no password. Throws `service-unavailable` like `hash`. */
    async compare(password: string, stored: string | null): Promise<Comparison> {
      const hash = (stored === null ? undefined : readStoredHash(stored)) ?? nobodys;
      const same = await queue.run(() => isOf(password, hash));
      return { right: same && hash !== nobodys, outdated: !isPresent(hash) };
    },
  };

  function isPresent(hash: StoredHash): boolean {
    if (hash.algorithm !== 'argon2') return false;
    const { memory, passes, lanes } = cost;
    const isSame = hash.memory === memory && hash.passes === passes && hash.lanes === lanes;
    return isSame && hash.type === 'argon2id' && hash.version === 0x13;
  }

  async function isOf(password: string, stored: StoredHash): Promise<boolean> {
    if (stored.algorithm === 'bcrypt') return bcrypt.compare(password, stored.text);
    const computed = await compute(password, stored);
    return computed.length === stored.hash.length && timingSafeEqual(computed, stored.hash);
  }
}

/**
 * The same password, however a keyboard composes its letters (Normalization Form C, as in OpaqueString of RFC 8265,
 * section 4.2). Not NFKC: that would make one of what the person sees as two.
 */
function prepare(password: string): Buffer {
  return Buffer.from(password.normalize('NFC'));
}

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<Buffer, Buffer, number, ScryptOptions, Buffer>(scrypt);

function compute(password: string, stored: Exclude<StoredHash, { algorithm: 'bcrypt' }>): Promise<Buffer> {
  switch (stored.algorithm) {
    case 'argon2':
      return computeArgon2(prepare(password), stored);
    case 'scrypt':
      return computeScrypt(password, stored, stored.hash.length);
    case 'fbscrypt':
      return computeFirebase(password, stored);
    case 'pbkdf2':
      return derivePbkdf2(password, stored.salt, stored.iterations, stored.hash.length, stored.digest);
  }
}

function computeScrypt(password: string, { ln, r, p, salt }: ScryptInput, length: number): Promise<Buffer> {
  const cost = 2 ** ln;
  return deriveScrypt(Buffer.from(password), salt, length, {
    cost,
    blockSize: r,
    parallelization: p,
    maxmem: 256 * cost * r,
  });
}

async function computeFirebase(password: string, stored: ScryptInput & FirebaseParts): Promise<Buffer> {
  const salt = Buffer.concat([stored.salt, stored.saltSeparator]);
  const key = await computeScrypt(password, { ...stored, salt }, 32);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(stored.signerKey), cipher.final()]);
}
