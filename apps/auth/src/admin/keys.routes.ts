import { problemResponses, type Routes } from '@alva/service-kit';
import { keyRingStatus, type KeyRingStatus } from '@alva/validation';
import { requesterOf } from '../http/requester.ts';
import { type KeyRing } from '../tokens/key-ring.ts';
import { type KeyRotation } from '../tokens/key-rotation.service.ts';
import { rotationTimes } from '../tokens/key-timing.ts';

export interface KeyRoutesOptions {
  readonly keyRotation: KeyRotation;
  readonly keyRing: KeyRing;
}

const shared = { tags: ['administration'], security: [{ bearer: [] }] };
const refusals = ['authentication-required', 'invalid-token', 'forbidden'] as const;

/** What is for the terminal alone (a leak, another KEY_ENCRYPTION_KEY) is done with `npm run keys`. */
export const keyRoutes: Routes<KeyRoutesOptions> = async (app, { keyRotation }) => {
  app.get(
    '/admin/keys',
    {
      schema: {
        ...shared,
        summary: 'The ring of signing keys',
        response: { 200: keyRingStatus, ...problemResponses(...refusals) },
      },
    },
    () => readStatus(keyRotation),
  );
};

/** To be registered in a scope that wants a recent sign-in. */
export const keyChangeRoutes: Routes<KeyRoutesOptions> = async (app, { keyRotation, keyRing }) => {
  app.post(
    '/admin/keys/rotate',
    {
      schema: {
        ...shared,
        summary: 'Let the next key sign from now on',
        description:
          'Nobody notices: the next key is known to everyone by then, and tokens of the present one stay good. A key that was published too recently may not sign yet: 409.',
        response: { 200: keyRingStatus, ...problemResponses(...refusals, 'step-up-required', 'key-too-young') },
      },
    },
    async (request) => {
      const { caller } = request;
      const { address, requestId } = requesterOf(request);
      const { sessionId } = caller;
      await keyRotation.rotate({ cause: 'administrator', actorId: caller.person.id, sessionId, address, requestId });
      await keyRing.reload();
      return readStatus(keyRotation);
    },
  );
};

async function readStatus({ read, timing }: KeyRotation): Promise<KeyRingStatus> {
  const ring = await read();
  const { possibleAt, plannedAt } = rotationTimes(ring, timing);
  return {
    keys: ring.keys.map(({ kid, state, createdAt, activatedAt, retiredAt }) => ({
      kid,
      state,
      createdAt: new Date(createdAt).toISOString(),
      activatedAt: toTimestamp(activatedAt),
      retiredAt: toTimestamp(retiredAt),
    })),
    rotation: { possibleAt: toTimestamp(possibleAt), plannedAt: toTimestamp(plannedAt) },
  };
}

function toTimestamp(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
