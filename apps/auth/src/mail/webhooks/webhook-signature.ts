import { createHmac, timingSafeEqual } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';

export type SignatureVerdict = 'good' | 'missing' | 'too-old' | 'too-new' | 'wrong';

/** Seconds by which the sender's clock and ours may differ, and for which a copied message could be shown again. */
const tolerance = 300;

/**
 * Who signed a message, by the Standard Webhooks specification (v1, HMAC-SHA256), as Svix and with it resend.com do it:
 * the signature is over id, time and the body as it came. A header may carry several signatures and we may hold several
 * secrets, so either side can change its secret while messages are under way.
 */
export function createSignatureCheck(secrets: readonly Uint8Array[]) {
  return function judge(headers: IncomingHttpHeaders, body: Buffer, now: number = Date.now()): SignatureVerdict {
    const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) => headerOf(headers, name));
    if (!id || !signatures || !time || !/^\d{1,12}$/.test(time)) return 'missing';
    const age = now / 1000 - Number(time);
    if (age > tolerance) return 'too-old';
    if (age < -tolerance) return 'too-new';
    const expected = secrets.map((secret) =>
      createHmac('sha256', secret).update(`${id}.${time}.`).update(body).digest(),
    );
    const given = signatures.split(' ').filter((signature) => signature.startsWith('v1,'));
    const isGood = given.some((signature) => {
      const bytes = Buffer.from(signature.slice(3), 'base64');
      return expected.some((digest) => digest.length === bytes.length && timingSafeEqual(digest, bytes));
    });
    return isGood ? 'good' : 'wrong';
  };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[`svix-${name}`] ?? headers[`webhook-${name}`];
  return typeof value === 'string' ? value : undefined;
}
