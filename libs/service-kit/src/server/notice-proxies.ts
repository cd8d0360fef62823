import type { TrustProxy } from '../config/fields.ts';
import { type Arrival, arrivalOf, isNear } from './arrival.ts';
import type { Server } from './create-server.ts';

/**
 * Says once in the life of the process that TRUST_PROXY does not fit how requests arrive. Once, because whoever can make
 * such a request could fill the log with it; and in words of ours alone, because they would choose the others.
 */
export function noticeProxies(app: Server, declared: TrustProxy): void {
  let isSaid = false;
  app.addHook('onRequest', (request, _reply, done) => {
    if (!isSaid) {
      const suspicion = suspect(declared, arrivalOf(request));
      if (suspicion !== undefined) {
        isSaid = true;
        app.log.warn(`TRUST_PROXY may be wrong: ${suspicion}`);
      }
    }
    done();
  });
}

function suspect(declared: TrustProxy, { chain, believed }: Arrival): string | undefined {
  const [peer = ''] = chain;
  const entries = chain.length - 1;
  if (typeof declared !== 'number') {
    // From the internet anyone may send the header, to no effect; from nearby it is a proxy that sends it.
    return entries > 0 && isNear(peer) && believed === 0
      ? 'a proxy nearby names visitors in X-Forwarded-For and is not believed, so they all count as one'
      : undefined;
  }
  if (entries > 0 && entries < declared)
    return `${declared} proxies are declared and a request came through ${entries}, so visitors can choose the address they count as`;
  // Probes and other services of ours come from nearby without a proxy, as they should.
  if (entries === 0 && !isNear(peer))
    return `${declared} proxies are declared and a request from the internet came through none: only they should reach this port`;
  return undefined;
}
