import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

export const issuerUrl = 'http://localhost:3002';
export const audience = 'alva';
/** Where every test's clock starts: whole seconds, in milliseconds. */
export const start = 1_800_000_000_000;

export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  jwk: Record<string, unknown>;
}

export function createKey(kid: string = randomUUID()): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' } };
}

export function createClaims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const iat = start / 1000;
  return {
    iss: issuerUrl,
    aud: audience,
    sub: randomUUID(),
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + 900,
    email: 'anna@example.com',
    roles: ['user'],
    amr: ['email'],
    auth_time: iat,
    type: 'access',
    ...changes,
  };
}

/** Signs whatever it is given, with the header it is given. */
export function signRaw(key: SigningKey, header: unknown, payload: unknown): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

export function issue(key: SigningKey, changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}) {
  return signRaw(key, { alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...header }, createClaims(changes));
}
