import { randomBytes } from 'node:crypto';
import { argon2d, argon2i, argon2id, hash } from 'argon2';

/** Cost of argon2 (RFC 9106). */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The least that the OWASP password storage cheat sheet recommends of argon2id: 19 MiB, two passes, one lane. */
export const leastArgon2Cost: Argon2Cost = { memory: 19 * 1024, passes: 2, lanes: 1 };

const types = { argon2d, argon2i, argon2id } as const;
export type Argon2Type = keyof typeof types;

export interface Argon2Input extends Argon2Cost {
  readonly type: Argon2Type;
  readonly version: number;
  readonly salt: Buffer;
  /** Bytes. */
  readonly length: number;
}

/** In a thread of libuv's pool. */
export async function computeArgon2(password: Buffer, input: Argon2Input): Promise<Buffer> {
  const { type, version, salt, length, memory, passes, lanes } = input;
  const cost = { memoryCost: memory, timeCost: passes, parallelism: lanes };
  return hash(password, { ...cost, type: types[type], version, salt, hashLength: length, raw: true });
}

export function newArgon2Input(cost: Argon2Cost): Argon2Input {
  return { ...cost, type: 'argon2id', version: 0x13, salt: randomBytes(16), length: 32 };
}
