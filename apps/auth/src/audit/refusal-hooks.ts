import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { requesterOf } from '../http/requester.ts';
import { type Refusal, type Refusals } from './refusals.service.ts';

type FindRefusal = (request: FastifyRequest, reply: FastifyReply) => Refusal | undefined;

/** Every 429 of this scope, whichever limit it is of. */
export function recordLimits(app: FastifyInstance, refusals: Refusals): void {
  recordRefusals(app, refusals, (request) => {
    const { limit, sub, sid } = request.identifiers ?? {};
    if (limit === undefined) return undefined;
    const detail = { limit, ...askedFor(request) };
    const subject = `${limit} ${request.visitor.countedAs}`;
    return { event: 'limit-reached', userId: sub, sessionId: sid, detail, subject, crowd: limit };
  });
}

/** People who lack the role that this scope is for. */
export function recordRefusedPeople(app: FastifyInstance, refusals: Refusals): void {
  recordRefusals(app, refusals, (request, { problem }) => {
    const { sub, sid } = request.identifiers ?? {};
    if (problem !== 'forbidden' || sub === undefined) return undefined;
    const detail = askedFor(request);
    return { event: 'administration-refused', userId: sub, sessionId: sid, detail, subject: sub, crowd: 'people' };
  });
}

/** Requests of this scope that did not show which service they are of. A name nobody has may be a secret gone astray. */
export function recordRefusedClients(app: FastifyInstance, refusals: Refusals): void {
  recordRefusals(app, refusals, (request, { problem }) => {
    if (problem !== 'invalid-client') return undefined;
    const { client, reason = '' } = request.identifiers ?? {};
    const detail = { reason, ...(client === undefined ? {} : { client }), ...askedFor(request) };
    // Strangers, of whom there may be any number, must not hide whoever guesses the secret of a service.
    const subject = client ?? request.visitor.countedAs;
    return { event: 'client-refused', detail, subject, crowd: client === undefined ? 'strangers' : 'services' };
  });
}

/** When the answer is sent rather than afterwards: whoever hangs up before it came was refused all the same. */
function recordRefusals(app: FastifyInstance, refusals: Refusals, find: FindRefusal): void {
  app.addHook('onSend', (request, reply, _payload, done) => {
    const refusal = reply.problem === '' ? undefined : find(request, reply);
    if (refusal) refusals.record(refusal, requesterOf(request));
    done();
  });
}

/** By pattern, as in the metrics: what somebody wrote into an address may be anything. */
function askedFor({ method, routeOptions }: FastifyRequest) {
  return { method, route: routeOptions.url ?? 'none' };
}
