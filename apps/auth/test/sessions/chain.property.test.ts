import { ProblemError } from '@alva/service-kit';
import { type TokenAnswer } from '@alva/validation';
import fc from 'fast-check';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import t from 'tap';
import { type Auth, newAddress, startAuth, webOrigin } from '../support/auth.ts';
import { ask, type Answer } from '../support/browser.ts';
import { ChainModel } from '../support/chain-model.ts';
import { codeOf, openSession, refresh, signOut, successorIn, tokenIn } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

let ahead = 0;
const now = () => Date.now() + ahead;
const auth = await startAuth(t, { now });
const copy = await startAuth(t, { database: auth.database, now });
const services = [auth, copy] as const;
const jwks = createRemoteJWKSet(new URL(`${auth.url}/.well-known/jwks.json`), { cooldownDuration: 0 });

/** Which link is presented, counted back from the current one. */
const back = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constant(1) }, fc.nat(6));
const at = fc.constantFrom(0, 1);
const seconds = fc.constantFrom(4, 20, 3_600, 86_400, 5.5 * 86_400, 8 * 86_400, 31 * 86_400);

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('present' as const), back, at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('race' as const), back, times: fc.integer({ min: 2, max: 6 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('show access token' as const), pick: fc.nat(20), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const), at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rotate keys' as const), at, afterLeak: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign out' as const), back, at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign out racing' as const), back, at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end from elsewhere' as const), at }) },
);
type Step = typeof step extends fc.Arbitrary<infer Kind> ? Kind : never;

/** As every copy does by itself all the time; once more for what the first reading gave reason to do. */
async function noticeKeys(): Promise<void> {
  for (let time = 0; time < 2; time++) for (const { resources } of services) await resources.keyRing.reload();
  await jwks.reload();
}

/** The next key signs from now on: when it was published for long enough, or at once when the one that signs leaked. */
async function rotateKeys({ resources: { keyRotation, keyRing } }: Auth, afterLeak: boolean): Promise<void> {
  const cause = { cause: 'command' } as const;
  const before = keyRing.current().kid;
  if (afterLeak) await keyRotation.rotateAtOnce(before, cause);
  else await keyRotation.rotate(cause).catch(ignoreTooYoung);
  await noticeKeys();
  if (afterLeak && keyRing.current().kid === before) throw new Error('The leaked key still signs');
}

function ignoreTooYoung(error: unknown): void {
  if (!(error instanceof ProblemError && error.problem === 'key-too-young')) throw error;
}

/** One person's session, played on the two services and on the model at once. */
async function play(steps: readonly Step[]): Promise<void> {
  const email = newAddress();
  const { token, sessionId } = await openSession(auth, email);
  const { REFRESH_TOKEN_TTL: idleLifetime, SESSION_MAX_AGE: maximumAge } = auth.config;
  const model = new ChainModel(token, now(), { idleLifetime, maximumAge });
  const accessTokens: { token: string; issuedAt: number; isLeaked: boolean }[] = [];
  const linkAt = (stepsBack: number) => Math.max(0, model.links.length - 1 - stepsBack);
  const rawOf = (index: number) => model.links[index]?.token ?? '';

  function learn(index: number, answer: Answer): void {
    const expected = model.predict(index, now());
    if (expected === 'refused' || expected === 'reused') {
      const code = expected === 'reused' ? 'refresh-token-reused' : 'refresh-token-invalid';
      expect(answer.status === 401 && codeOf(answer) === code && tokenIn(answer) === '', expected, answer);
      model.apply(expected, now());
      return;
    }
    expect(answer.status === 200, expected, answer);
    const successor = successorIn(answer);
    if (expected === 'retried') expect(successor === model.current.token, 'the current token', answer);
    else expect(!model.links.some((link) => link.token === successor), 'a new token', answer);
    model.apply(expected, now(), successor);
    accessTokens.push({ token: (answer.json as TokenAnswer).accessToken, issuedAt: now(), isLeaked: false });
  }

  for (const one of steps) {
    const index = 'back' in one ? linkAt(one.back) : 0;
    if (model.isUncertain(index, now())) return;
    const service = services['at' in one && one.at === 1 ? 1 : 0];
    if (one.do === 'present') {
      learn(index, await refresh(service.url, rawOf(index)));
    } else if (one.do === 'race') {
      const presented = Array.from({ length: one.times }, (_, n) => refresh(services[n % 2 ? 1 : 0].url, rawOf(index)));
      const answers = await Promise.all(presented);
      // Whoever came first rotated, detected or was refused; the others are judged by what that left.
      const expected = model.predict(index, now());
      const first = answers.find((answer) => codeOf(answer) === 'refresh-token-reused') ?? answers[0];
      if (!first) return;
      learn(index, first);
      for (const answer of answers.filter((other) => other !== first)) {
        if (expected === 'reused') expect(answer.status === 401, 'over for all', answer);
        else learn(index, answer);
      }
    } else if (one.do === 'wait') {
      ahead += one.seconds * 1000;
      await letTimePass(auth.database, `${one.seconds} seconds`);
      if (one.seconds >= 3_600) await noticeKeys();
    } else if (one.do === 'prune') {
      await service.resources.pruner.prune();
    } else if (one.do === 'rotate keys') {
      await rotateKeys(service, one.afterLeak);
      if (one.afterLeak) for (const issued of accessTokens) issued.isLeaked = true;
    } else if (one.do === 'show access token') {
      const shown = accessTokens[one.pick % accessTokens.length];
      if (!shown) continue;
      const life = now() - shown.issuedAt;
      if (Math.abs(life - 930_000) < 1_500) return;
      const isAlive = life < 930_000 && !shown.isLeaked;
      const answer = await ask(`${service.url}/auth/me`, { headers: { authorization: `Bearer ${shown.token}` } });
      expect(answer.status === (isAlive && model.isOpen(now()) ? 200 : 401), `alive: ${isAlive}`, answer);
      // A stranger to our code judges the token alone.
      const verdict = jwtVerify(shown.token, jwks, {
        issuer: auth.config.AUTH_URL,
        audience: 'alva',
        algorithms: ['ES256'],
        clockTolerance: 30,
        currentDate: new Date(now()),
      });
      const accepted = await verdict.then(
        ({ payload }) => payload['sid'] === sessionId,
        () => false,
      );
      expect(accepted === isAlive, `jose says ${accepted}`, answer);
    } else if (one.do === 'sign out') {
      const answer = await signOut(service.url, rawOf(index));
      expect(answer.status === 204, 'signed out', answer);
      if (model.predict(index, now()) !== 'refused') model.isEnded = true;
    } else if (one.do === 'sign out racing') {
      const [renewed] = await Promise.all([
        refresh(services[1 - one.at]?.url ?? '', model.current.token),
        signOut(service.url, model.current.token),
      ]);
      // The renewal came before the end or was refused; what it got is good for nothing either way.
      if (renewed.status === 200)
        model.apply(model.predict(model.links.length - 1, now()), now(), successorIn(renewed));
      model.isEnded = true;
    } else {
      const elsewhere = await openSession(auth, email);
      const cookie = `refresh_token=${elsewhere.token}`;
      await ask(`${service.url}/auth/logout-all`, { method: 'POST', headers: { origin: webOrigin, cookie } });
      model.isEnded = true;
    }
  }
}

function expect(holds: boolean, expected: string, { status, text }: Answer): void {
  if (!holds) throw new Error(`Expected ${expected}, got ${status} ${text.slice(0, 200)}`);
}

t.test(
  '19–21, 28: whatever is done to a session and to the keys in whatever order, it answers as the model of the rules does',
  async (t) => {
    const seed = process.env['FAST_CHECK_SEED'];
    const outcome = await fc.check(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24, size: 'max' }), play),
      { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 60), ...(seed ? { seed: Number(seed) } : {}) },
    );
    t.notOk(outcome.failed, fc.defaultReportMessage(outcome) ?? 'as the model says');
    t.comment(`${outcome.numRuns} stories, seed ${outcome.seed}`);
  },
);
