import type { TrustProxy } from '../config/fields.ts';
import type { Arrival } from '../server/arrival.ts';

export type Verdict =
  | { kind: 'right' }
  /** `fix` is what to do, in one clause. */
  | { kind: 'wrong' | 'doubtful'; seen: string; fix: string };

/**
 * Whether TRUST_PROXY fits how a request of our own, sent to our public address without X-Forwarded-For, arrived. As
 * every proxy adds one entry, the entries are the proxies in front.
 */
export function judgeProxies(declared: TrustProxy, { chain, believed }: Arrival, publicUrl: string): Verdict {
  const proxies = chain.length - 1;
  if (proxies === 0 && publicUrl.startsWith('https:')) {
    // This process speaks plain http, so somebody ended TLS and did not say for whom.
    const seen = 'it arrived without X-Forwarded-For, though something in front ended TLS';
    const fix = 'have that proxy append to X-Forwarded-For, unless it keeps the addresses of visitors';
    return { kind: declared === false ? 'doubtful' : 'wrong', seen, fix };
  }
  if (Array.isArray(declared)) {
    if (believed >= proxies) return { kind: 'right' };
    const strangers = chain.slice(believed, proxies);
    const seen = `it arrived through ${strangers.join(', ')}, not listed there, so all visitors behind count as one`;
    return { kind: 'wrong', seen, fix: `set TRUST_PROXY=${[...declared, ...strangers].join(',')} (or their networks)` };
  }
  const hops = declared === false ? 0 : declared;
  if (proxies === hops) return { kind: 'right' };
  const effect =
    proxies > hops ? 'visitors count as one' : 'visitors can choose the address they count as by X-Forwarded-For';
  const seen = `it arrived through ${proxies} instead of ${hops} ${hops === 1 ? 'proxy' : 'proxies'}, so ${effect}`;
  return { kind: 'wrong', seen, fix: `set TRUST_PROXY=${proxies}` };
}
