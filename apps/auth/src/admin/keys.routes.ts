import { problemResponses, type Routes } from '@alva/service-kit';
import { keyRingStatus, type KeyRingStatus } from '@alva/validation';
import { rotationTimes, type KeyTiming } from '../tokens/key-timing.ts';
import { type Ring, type SigningKeysStore } from '../tokens/signing-keys.store.ts';

export interface KeyRoutesOptions {
  readonly signingKeys: Pick<SigningKeysStore, 'read'>;
  readonly keyTiming: KeyTiming;
}

const tags = ['administration'];
const security = [{ bearer: [] }];

export const keyRoutes: Routes<KeyRoutesOptions> = async (app, { signingKeys, keyTiming }) => {
  app.get(
    '/admin/keys',
    {
      schema: {
        tags,
        security,
        summary: 'The ring of signing keys',
        response: {
          200: keyRingStatus,
          ...problemResponses('authentication-required', 'invalid-token', 'forbidden'),
        },
      },
    },
    async () => toStatus(await signingKeys.read(), keyTiming),
  );
};

function toStatus(ring: Ring, timing: KeyTiming): KeyRingStatus {
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
