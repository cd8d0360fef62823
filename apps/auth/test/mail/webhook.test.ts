import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { openFakeResend } from '../support/fake-resend.ts';
import { from, queueMail, recordOf, sampleMail, waitForRecord } from '../support/mails.ts';
import { codeOf } from '../support/sessions.ts';

const [secret, former, stranger] = [randomBytes(24), randomBytes(32), randomBytes(24)];
const whsec = (key: Buffer) => `whsec_${key.toString('base64')}`;

const resend = await openFakeResend(t);
const auth = await startAuth(t, {
  env: {
    MAIL_TRANSPORT: 'resend',
    RESEND_API_KEY: 're_test',
    RESEND_URL: resend.url,
    RESEND_WEBHOOK_SECRET: `${whsec(secret)},${whsec(former)}`,
    MAIL_FROM: from,
  },
});

const seconds = (offset = 0) => Math.floor(Date.now() / 1000) + offset;

function sign(body: string, { key = secret, id = 'msg_1', time = seconds() } = {}) {
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return { 'svix-id': id, 'svix-timestamp': String(time), 'svix-signature': `v1,${signature}` };
}

const post = (body: string, headers: Record<string, string>) =>
  ask(`${auth.url}/webhooks/resend`, { method: 'POST', body, headers });
const tell = (body: string) => post(body, sign(body));

interface Told {
  readonly mail?: string;
  readonly providerId?: string;
  readonly at?: string;
  readonly data?: object;
}

/** As resend.com writes it, spaces included: the bytes count, not what they mean. */
function eventOf(type: string, { mail, providerId = 're_x', at, data = {} }: Told): string {
  const tags = mail === undefined ? {} : { tags: { mail, kind: 'sign-in' } };
  const more = { email_id: providerId, to: ['person@example.com'], subject: 'Hello', ...tags, ...data };
  return JSON.stringify({ type, created_at: at ?? new Date().toISOString(), data: more }, null, 1);
}

async function sentMail() {
  const id = await queueMail(auth, sampleMail());
  const { provider_id: providerId } = await waitForRecord(auth, id);
  return { id, providerId: providerId ?? '' };
}

const stateOf = async (id: string) => (await recordOf(auth, id))?.state;
const bounce = (type: string) => ({ bounce: { type, subType: 'General', message: '550 person@example.com unknown' } });

t.test('what became of a mail is recorded: delivered, bounced, complained, refused', async (t) => {
  for (const [type, data, state, reason] of [
    ['email.delivered', {}, 'delivered', null],
    ['email.bounced', bounce('Permanent'), 'bounced', 'permanent general'],
    ['email.complained', {}, 'complained', null],
    ['email.failed', { failed: { reason: 'reached_daily_quota' } }, 'refused', 'failed at the provider'],
    ['email.suppressed', {}, 'refused', 'on the suppression list of the provider'],
  ] as const) {
    const { id, providerId } = await sentMail();
    const answer = await tell(eventOf(type, { mail: id, providerId, data }));
    t.match(answer, { status: 204, text: '' });
    t.match(await recordOf(auth, id), { state, reason }, type);
  }
});

t.test('a report without our own word for the mail is matched by the provider’s', async (t) => {
  const { id, providerId } = await sentMail();
  await tell(eventOf('email.delivered', { providerId }));
  t.equal(await stateOf(id), 'delivered');
});

t.test('a report that outruns the provider’s own answer finds its mail and is not undone by it', async (t) => {
  resend.answerWith((response) => {
    const body = eventOf('email.delivered', {
      mail: resend.heard.at(-1)?.body.tags[0]?.value ?? '',
      providerId: 're_early',
    });
    void tell(body).then(() => response.writeHead(200).end(JSON.stringify({ id: 're_early' })));
  });
  const id = await queueMail(auth, sampleMail());
  const record = await waitForRecord(auth, id, ({ transport }) => transport !== null);
  t.match(record, { state: 'delivered', provider_id: 're_early', transport: 'resend' });
  resend.answerWith(undefined);
});

t.test('a signature that is wrong, missing, old, from the future, by another key or for another body', async (t) => {
  const { id, providerId } = await sentMail();
  const body = eventOf('email.bounced', { mail: id, providerId, data: bounce('Permanent') });
  const good = sign(body);
  const [, signature = ''] = good['svix-signature'].split(',');
  const attacks: Record<string, Record<string, string>> = {
    none: {},
    'no signature': { ...good, 'svix-signature': '' },
    'no id': { ...good, 'svix-id': '' },
    'no time': { ...good, 'svix-timestamp': '' },
    'another id': { ...good, 'svix-id': 'msg_2' },
    'another time': { ...good, 'svix-timestamp': String(seconds(1)) },
    'a time that is none': { ...good, 'svix-timestamp': 'now' },
    'a time with a tail': { ...good, 'svix-timestamp': `${good['svix-timestamp']}.5` },
    'another key': sign(body, { key: stranger }),
    'no key': sign(body, { key: Buffer.alloc(0) }),
    'another body': sign(body.replace('bounced', 'delivered')),
    'the same meaning in other bytes': sign(JSON.stringify(JSON.parse(body))),
    'six minutes old': sign(body, { time: seconds(-360) }),
    'six minutes ahead': sign(body, { time: seconds(360) }),
    'another version': { ...good, 'svix-signature': `v2,${signature}` },
    'no version': { ...good, 'svix-signature': signature },
    'cut short': { ...good, 'svix-signature': `v1,${signature.slice(0, 20)}` },
    empty: { ...good, 'svix-signature': 'v1,' },
    'many wrong ones': { ...good, 'svix-signature': `v1,${'A'.repeat(43)}= `.repeat(50).trim() },
  };
  for (const [name, headers] of Object.entries(attacks)) {
    const answer = await post(body, headers);
    t.equal(answer.status, 403, name);
    t.equal(codeOf(answer), 'signature-invalid', name);
  }
  t.equal(await stateOf(id), 'sent', 'nothing was believed');
  t.match(
    await auth.metrics.registry.metrics(),
    new RegExp(`auth_mail_reports_total\\{outcome="unsigned".*\\} ${Object.keys(attacks).length}\\n`),
  );
  t.equal((await post(body, good)).status, 204, 'the same with its own signature');
  t.equal(await stateOf(id), 'bounced');
});

t.test('either side may change its secret: several signatures, two secrets, both names of the headers', async (t) => {
  const delivered = async (headersOf: (body: string) => Record<string, string>) => {
    const { id, providerId } = await sentMail();
    const body = eventOf('email.delivered', { mail: id, providerId });
    t.equal((await post(body, headersOf(body))).status, 204);
    return stateOf(id);
  };
  t.equal(await delivered((body) => sign(body, { key: former })), 'delivered', 'the former secret');
  const both = (body: string) => {
    const [right, wrong] = [sign(body), sign(body, { key: stranger })];
    return { ...right, 'svix-signature': `v1a,xyz ${wrong['svix-signature']} ${right['svix-signature']}` };
  };
  t.equal(await delivered(both), 'delivered', 'one of several');
  const standard = (body: string) =>
    Object.fromEntries(Object.entries(sign(body)).map(([name, value]) => [name.replace('svix', 'webhook'), value]));
  t.equal(await delivered(standard), 'delivered', 'by the names of the specification');
  t.equal(await delivered((body) => sign(body, { time: seconds(-290) })), 'delivered', 'a clock a little off');
});

t.test('replayed and out-of-order events are harmless', async (t) => {
  const { id, providerId } = await sentMail();
  const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
  const [sent, delivered, bounced] = (['email.sent', 'email.delivered', 'email.bounced'] as const).map((type, second) =>
    eventOf(type, { mail: id, providerId, at: at(second), data: bounce('Permanent') }),
  );
  const replayed = sign(bounced ?? '');
  for (let round = 0; round < 3; round++) t.equal((await post(bounced ?? '', replayed)).status, 204);
  const settled = await recordOf(auth, id);
  for (const late of [delivered, sent, delivered]) t.equal((await tell(late ?? '')).status, 204);
  t.strictSame(await recordOf(auth, id), settled, 'as after the first');
  await Promise.all(
    Array.from({ length: 20 }, () => tell(eventOf('email.complained', { mail: id, providerId, at: at(9) }))),
  );
  t.equal(await stateOf(id), 'complained');
  t.match(await auth.metrics.registry.metrics(), /auth_mails_total\{outcome="bounced".*\} [1-9]/);
});

t.test('events of no interest, of mails of others, and what is no event are accepted and forgotten', async (t) => {
  const { id, providerId } = await sentMail();
  for (const body of [
    eventOf('email.opened', { mail: id, providerId }),
    eventOf('email.delivery_delayed', { mail: id, providerId }),
    eventOf('__proto__', { mail: id, providerId }),
    eventOf('email.bounced', { mail: randomUUID(), providerId: 're_of_others' }),
    eventOf('email.bounced', { mail: "' or 1=1", providerId: "' or 1=1" }),
    '{}',
    'null',
    '[]',
    'no json',
  ])
    t.equal((await tell(body)).status, 204, body.slice(0, 40));
  t.equal(await stateOf(id), 'sent');
});

t.test('signed reports draw on no limit, and only wrong signatures are limited', async (t) => {
  const strict = await startAuth(t, {
    env: { RESEND_WEBHOOK_SECRET: whsec(secret), REQUEST_LIMIT: '3/1m', CLIENT_FAILURE_LIMIT: '3/5m' },
  });
  const body = eventOf('email.delivered', {});
  const send = (key: Buffer<ArrayBuffer>) =>
    ask(`${strict.url}/webhooks/resend`, { method: 'POST', body, headers: sign(body, { key }) });
  const statuses = async (key: Buffer<ArrayBuffer>) => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(key)));
    return answers.map(({ status }) => status).sort((a, b) => a - b);
  };
  t.strictSame(new Set(await statuses(secret)), new Set([204]));
  t.strictSame(await statuses(stranger), [403, 403, 403, 429, 429, 429, 429, 429]);
  t.strictSame(new Set(await statuses(secret)), new Set([204]), 'whatever else came from there');
});

t.test('only JSON of bounded size is read, and there is no webhook without a secret', async (t) => {
  const body = eventOf('email.delivered', {});
  t.equal((await post(body, { ...sign(body), 'content-type': 'text/plain' })).status, 415);
  const large = JSON.stringify({ pad: 'x'.repeat(70_000) });
  t.equal((await post(large, sign(large))).status, 413);
  const without = await startAuth(t);
  t.equal((await ask(`${without.url}/webhooks/resend`, { method: 'POST', body, headers: sign(body) })).status, 404);
});
