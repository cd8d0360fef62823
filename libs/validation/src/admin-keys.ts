import { z } from 'zod';
import { timestamp } from './primitives.ts';

export const signingKeyStates = ['next', 'current', 'previous'] as const;

/** A key of the ring, as `/admin/keys` shows it: which tokens it signed can be told by `kid`. */
export const signingKey = z
  .object({
    kid: z.string(),
    state: z.enum(signingKeyStates),
    createdAt: timestamp.describe('Published since'),
    activatedAt: timestamp.nullable().describe('Signs, or signed, since'),
    retiredAt: timestamp.nullable().describe('Signs no more since'),
  })
  .meta({ id: 'SigningKey' });

/** Answer of `GET /admin/keys` and of `POST /admin/keys/rotate`. */
export const keyRingStatus = z
  .object({
    keys: z.array(signingKey),
    rotation: z.object({
      possibleAt: timestamp.nullable().describe('From when the next key may sign; null while there is none'),
      plannedAt: timestamp.nullable().describe('When it will by itself'),
    }),
  })
  .meta({ id: 'KeyRing' });
export type KeyRingStatus = z.infer<typeof keyRingStatus>;
