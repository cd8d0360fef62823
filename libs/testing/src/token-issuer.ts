import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessTokenAudience, accessTokenType, type AccessTokenClaims } from '@alva/validation';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters } from 'jose';

export interface TokenIssuer {
  /** The `iss` of its tokens, where its keys are published too. */
  readonly url: string;
  /** A valid access token, unless claims or header make it something else. */
  issue(claims?: Partial<AccessTokenClaims>, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/** Stands in for auth: a throw-away key, its JWK Set at the usual address, and tokens for whomever the test wants. */
export async function createTokenIssuer(t: Teardown): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const kid = randomUUID();
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async issue(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const payload: AccessTokenClaims = {
        iss: url,
        aud: accessTokenAudience,
        sub: randomUUID(),
        sid: randomUUID(),
        jti: randomUUID(),
        iat: now,
        exp: now + 900,
        email: 'someone@example.com',
        roles: ['user'],
        amr: ['email'],
        auth_time: now,
        type: 'access',
        ...claims,
      };
      return new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES256', kid, typ: accessTokenType, ...header })
        .sign(privateKey);
    },
  };
}
