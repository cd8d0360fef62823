import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accessTokenAudience,
  accessTokenType,
  type AccessTokenClaims,
  type Revocation,
  type RevocationList,
} from '@alva/validation';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters } from 'jose';

export interface TokenIssuer {
  /** The `iss` of its tokens, where its keys are published too. */
  readonly url: string;
  /** A valid access token, unless claims or header make it something else. */
  issue(claims?: Partial<AccessTokenClaims>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** Puts a session on the list of those that ended, and sends nobody a message. */
  end(sid: string, reason?: Revocation['reason'], endedAt?: Date): void;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/**
 * Stands in for auth: a throw-away key, its JWK Set and the list of revocations at the usual addresses, and tokens for
 * whomever the test wants.
 */
export async function createTokenIssuer(t: Teardown): Promise<TokenIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const kid = randomUUID();
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] });
  const ended: Revocation[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/.well-known/jwks.json') response.end(keys);
    else if (pathname === '/auth/revocations') sendRevocations(response, ended, searchParams.get('sid')?.split(','));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    end(sid, reason = 'revoked', endedAt = new Date()) {
      ended.push({ sid, reason, endedAt: endedAt.toISOString() });
    },
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

/** Seconds: the lifetime of its tokens and what clocks may differ. */
const window = 990;

function sendRevocations(response: ServerResponse, ended: readonly Revocation[], sids?: readonly string[]): void {
  const isListed = ({ sid, endedAt }: Revocation) =>
    sids?.includes(sid) ?? Date.parse(endedAt) >= Date.now() - window * 1000;
  const list: RevocationList = { window, sessions: ended.filter(isListed) };
  response.end(JSON.stringify(list));
}
