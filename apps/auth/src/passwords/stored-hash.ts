import { type Argon2Input, type Argon2Type } from './argon2.ts';

/** What a stored hash says of itself: how to compute it again, and what must come out. */
export type StoredHash =
  | (Argon2Input & { readonly algorithm: 'argon2'; readonly hash: Buffer })
  | { readonly algorithm: 'bcrypt'; readonly text: string; readonly rounds: number }
  | (ScryptInput & { readonly algorithm: 'scrypt'; readonly hash: Buffer })
  | (ScryptInput & FirebaseParts & { readonly algorithm: 'fbscrypt'; readonly hash: Buffer })
  | {
      readonly algorithm: 'pbkdf2';
      readonly digest: Pbkdf2Digest;
      readonly iterations: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

export interface ScryptInput {
  /** Binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
}

/** Firebase hashes with scrypt, and encrypts its project's key with what comes out. */
export interface FirebaseParts {
  readonly saltSeparator: Buffer;
  readonly signerKey: Buffer;
}

const pbkdf2Digests = ['sha1', 'sha256', 'sha512'] as const;
export type Pbkdf2Digest = (typeof pbkdf2Digests)[number];

/**
 * Reads a hash in the PHC string format, or bcrypt's own. Undefined for what is none of ours or would cost more than a sign-in
 * may: whoever could store a hash of any cost could stop this service by signing in.
 */
export function readStoredHash(text: string): StoredHash | undefined {
  const hash = parse(text);
  return hash && isBearable(hash) ? hash : undefined;
}

/** About a second and a half on an old machine; what systems people come from use is far below. */
function isBearable(hash: StoredHash): boolean {
  if (hash.algorithm !== 'bcrypt' && (hash.hash.length < 16 || hash.hash.length > 128 || hash.salt.length > 128))
    return false;
  switch (hash.algorithm) {
    case 'argon2':
      return (
        within(hash.memory, 8, 262_144) &&
        within(hash.passes, 1, 64) &&
        within(hash.lanes, 1, 16) &&
        hash.salt.length >= 8 &&
        hash.memory * hash.passes <= 1_048_576
      );
    case 'bcrypt':
      return within(hash.rounds, 4, 13);
    case 'scrypt':
    case 'fbscrypt':
      return (
        within(hash.ln, 1, 20) &&
        within(hash.r, 1, 64) &&
        within(hash.p, 1, 16) &&
        2 ** hash.ln * hash.r * hash.p <= 2 ** 21
      );
    case 'pbkdf2':
      return within(hash.iterations, 1, 2_000_000);
  }
}

const within = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max;

function parse(text: string): StoredHash | undefined {
  if (text.length > 1_000) return undefined;
  const bcrypt = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
  if (bcrypt) return { algorithm: 'bcrypt', text, rounds: Number(bcrypt[1]) };
  const [, id = '', version, parameters = '', saltText = '', hashText = ''] =
    /^\$([a-z0-9-]+)(?:\$v=(\d+))?\$([^$]+)\$([A-Za-z0-9+/]*)=*\$([A-Za-z0-9+/]+)=*$/.exec(text) ?? [];
  if (id === '') return undefined;
  const [salt, hash] = [Buffer.from(saltText, 'base64'), Buffer.from(hashText, 'base64')];
  const named = new Map(parameters.split(',').map((pair) => splitPair(pair)));
  const number = (name: string) => Number(named.get(name) ?? NaN);
  if (/^argon2(?:id|i|d)$/.test(id)) {
    const cost = { memory: number('m'), passes: number('t'), lanes: number('p') };
    // Argon2 of before 2016 wrote no version, and was 1.0.
    const type = id as Argon2Type;
    return { algorithm: 'argon2', type, version: Number(version ?? 16), salt, length: hash.length, hash, ...cost };
  }
  const scrypt = { ln: number('ln'), r: number('r'), p: number('p'), salt, hash };
  if (id === 'scrypt') return { algorithm: 'scrypt', ...scrypt };
  if (id === 'fbscrypt') {
    const [saltSeparator, signerKey] = ['ss', 'sk'].map((name) => Buffer.from(named.get(name) ?? '', 'base64'));
    if (!saltSeparator || !signerKey || signerKey.length !== 64) return undefined;
    return { algorithm: 'fbscrypt', ...scrypt, saltSeparator, signerKey };
  }
  const digest = pbkdf2Digests.find((each) => id === `pbkdf2-${each}`);
  return digest && { algorithm: 'pbkdf2', digest, iterations: number('i'), salt, hash };
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** The PHC string format: base64 without padding. */
export function writePhc(
  id: string,
  parameters: Readonly<Record<string, string | number>>,
  salt: Buffer,
  hash: Buffer,
): string {
  const named = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return `$${id}$${named.join(',')}$${toBase64(salt)}$${toBase64(hash)}`;
}

export function writeArgon2({ type, version, memory, passes, lanes, salt }: Argon2Input, hash: Buffer): string {
  return writePhc(`${type}$v=${version}`, { m: memory, t: passes, p: lanes }, salt, hash);
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
