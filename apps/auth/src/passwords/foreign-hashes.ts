import { z } from 'zod';
import { readStoredHash, writeArgon2, writePhc } from './stored-hash.ts';

/**
 * A hash as another system exports it, in the form that is stored here; undefined for what is not understood or would cost more
 * than a sign-in may. What each writes is in docs/operations/importing-people.md.
 */
export function readForeignHash(exported: unknown): string | undefined {
  const text = typeof exported === 'string' ? fromText(exported.trim()) : fromKeycloak(exported);
  return text !== undefined && readStoredHash(text) ? text : undefined;
}

/** Of Supabase (bcrypt, argon2, fbscrypt), Auth0 (bcrypt), Logto (argon2), Django, passlib and better-auth. */
function fromText(text: string): string | undefined {
  if (/^\$(?:2[aby]|argon2(?:id|i|d)|scrypt|pbkdf2-sha\d+\$i=)/.test(text)) return text;
  if (text.startsWith('argon2$argon2')) return text.slice('argon2'.length);
  return fromFirebase(text) ?? fromDjango(text) ?? fromPasslib(text) ?? fromBetterAuth(text);
}

/** `$fbscrypt$v=1,n=14,r=8,p=1,ss=…,sk=…$salt$hash`, with the project's parameters in each. */
function fromFirebase(text: string): string | undefined {
  const [, ln, r, p, rest = ''] = /^\$fbscrypt\$v=1,n=(\d+),r=(\d+),p=(\d+),(ss=[^$]*\$.*)$/.exec(text) ?? [];
  return ln && `$fbscrypt$ln=${ln},r=${r},p=${p},${rest}`;
}

/** `pbkdf2_sha256$iterations$salt$base64`, the salt as text; `scrypt$salt$N$r$p$base64`. */
function fromDjango(text: string): string | undefined {
  const [, digest = '', i = '', salt = '', hash] =
    /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  if (hash) return writePhc(`pbkdf2-${digest}`, { i }, Buffer.from(salt), Buffer.from(hash, 'base64'));
  const [, scryptSalt = '', n, r = '', p = '', scryptHash = ''] =
    /^scrypt\$([^$]+)\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const ln = Math.log2(Number(n));
  return n && writePhc('scrypt', { ln, r, p }, Buffer.from(scryptSalt), Buffer.from(scryptHash, 'base64'));
}

/** `$pbkdf2-sha256$29000$salt$hash` in a base64 that writes "." for "+"; `$pbkdf2$` is SHA-1. */
function fromPasslib(text: string): string | undefined {
  const [, digest = 'sha1', i, salt = '', hash = ''] =
    /^\$pbkdf2(?:-(sha256|sha512))?\$(\d+)\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]+)$/.exec(text) ?? [];
  const bytes = (ab64: string) => Buffer.from(ab64.replaceAll('.', '+'), 'base64');
  return i && writePhc(`pbkdf2-${digest}`, { i }, bytes(salt), bytes(hash));
}

/** `salt:key` in hexadecimal: scrypt with N=16384, r=16, p=1, where the salt is the text and not its bytes. */
function fromBetterAuth(text: string): string | undefined {
  const [, salt = '', key] = /^([0-9a-f]{32}):([0-9a-f]{128})$/.exec(text) ?? [];
  return key && writePhc('scrypt', { ln: 14, r: 16, p: 1 }, Buffer.from(salt), Buffer.from(key, 'hex'));
}

/** Keycloak's export has JSON in strings; both are taken as they are or parsed already. */
const parsed = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is no JSON' });
      return z.NEVER;
    }
  }, shape);
const keycloakCredential = z.object({
  secretData: parsed(z.object({ value: z.base64(), salt: z.base64() })),
  credentialData: parsed(
    z.object({
      algorithm: z.string(),
      hashIterations: z.number().int(),
      additionalParameters: z.record(z.string(), z.array(z.string())).default({}),
    }),
  ),
});

function fromKeycloak(exported: unknown): string | undefined {
  const { data } = keycloakCredential.safeParse(exported);
  if (!data) return undefined;
  const { secretData, credentialData } = data;
  const [salt, hash] = [Buffer.from(secretData.salt, 'base64'), Buffer.from(secretData.value, 'base64')];
  const { algorithm, hashIterations, additionalParameters } = credentialData;
  const [, digest] = /^pbkdf2(?:-(sha256|sha512))?$/.exec(algorithm) ?? [];
  if (algorithm.startsWith('pbkdf2')) return writePhc(`pbkdf2-${digest ?? 'sha1'}`, { i: hashIterations }, salt, hash);
  if (algorithm !== 'argon2') return undefined;
  const parameter = (name: string) => additionalParameters[name]?.[0] ?? '';
  const type = (['argon2id', 'argon2i', 'argon2d'] as const).find((each) => each === `argon2${parameter('type')}`);
  const cost = { memory: Number(parameter('memory')), passes: hashIterations, lanes: Number(parameter('parallelism')) };
  const version = parameter('version') === '1.0' ? 0x10 : 0x13;
  return type && writeArgon2({ ...cost, type, version, salt, length: hash.length }, hash);
}
