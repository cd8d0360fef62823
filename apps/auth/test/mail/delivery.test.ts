import { createMetrics, createLogger } from '@alva/service-kit';
import { openMailCatcher } from '@alva/testing';
import t, { type Test } from 'tap';
import { createMailProcessor } from '../../src/mail/mail-worker.ts';
import { type MailTransport } from '../../src/mail/mail.ts';
import { createMailSeal } from '../../src/mail/sealed-mail.ts';
import { createAuthMetrics } from '../../src/metrics.ts';
import { newAddress, startAuth, type Auth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { openFakeResend } from '../support/fake-resend.ts';
import { from, openServer, queueMail, recordOf, sampleMail, waitForRecord } from '../support/mails.ts';
import { letTimePass } from '../support/time.ts';

const MAIL_FROM = from;

async function askForMail(auth: Auth, email = newAddress()): Promise<{ id: string; email: string }> {
  const answer = await ask(`${auth.url}/auth/send-magic-link`, { method: 'POST', body: { email } });
  if (answer.status !== 202) throw new Error(`Not accepted: ${answer.status} ${answer.text}`);
  return { id: (answer.json as { attemptId: string }).attemptId, email };
}

const hasFailed = ({ reason }: { reason: string | null }) => reason !== null;

t.test('15: a provider’s failure is not the person’s 500: the mail waits, and goes out when it is back', async (t) => {
  const catcher = await openMailCatcher(t);
  catcher.answerWith('451 try again later');
  const auth = await startAuth(t, { env: { SMTP_URL: catcher.url, MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
  const { id, email } = await askForMail(auth);
  t.match(await waitForRecord(auth, id, hasFailed), { state: 'queued', reason: 'SMTP EMESSAGE (451)', attempts: 1 });
  t.equal(catcher.mails.length, 0);
  catcher.answerWith(undefined);
  const [caught] = await catcher.waitFor(1);
  t.match(caught, { from: 'hello@example.com', to: [email], message: /sign-in\/verify#token=/ });
  t.match(caught?.message, new RegExp(`Message-ID: <${id}@example.com>`, 'i'));
  t.match(await waitForRecord(auth, id), {
    state: 'sent',
    reason: null,
    attempts: 2,
    transport: `smtp ${new URL(catcher.url).host}`,
  });
  const metrics = await auth.metrics.registry.metrics();
  t.match(metrics, /auth_mails_total\{outcome="failed".*\} 1\n/);
  t.match(metrics, /auth_mails_total\{outcome="sent".*\} 1\n/);
  t.match(metrics, /auth_mail_wait_seconds_count\{.*\} 1\n/);
});

t.test('15: every try of a mail is the same mail to the provider, also when its answer was lost', async (t) => {
  const resend = await openFakeResend(t);
  resend.answerWith((response) => response.socket?.destroy());
  const auth = await startAuth(t, {
    env: { MAIL_TRANSPORT: 'resend', RESEND_API_KEY: 're_test', RESEND_URL: resend.url, MAIL_FROM },
  });
  const { id } = await askForMail(auth);
  await waitForRecord(auth, id, hasFailed);
  resend.answerWith(undefined);
  t.match(await waitForRecord(auth, id), { state: 'sent', transport: 'resend', provider_id: 're_2' });
  t.strictSame(
    resend.heard.map(({ headers }) => headers['idempotency-key']),
    [id, id],
  );
  t.strictSame(resend.heard[0]?.body, resend.heard[1]?.body, 'byte for byte');
});

t.test('15: a link that expired while the provider was down is never sent', async (t) => {
  const catcher = await openMailCatcher(t);
  catcher.answerWith('451 later');
  const auth = await startAuth(t, { env: { SMTP_URL: catcher.url, MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
  const { id } = await askForMail(auth);
  await waitForRecord(auth, id, hasFailed);
  await letTimePass(auth.database, '15 minutes');
  catcher.answerWith(undefined);
  t.match(await waitForRecord(auth, id), { state: 'expired', attempts: 1 });
  t.strictSame(catcher.mails, []);
  // The record is written first, and then it is told.
  let line: string | undefined;
  while (!(line = auth.logged.find((each) => each.includes('a mail was not sent')))) await new Promise(setImmediate);
  t.match(await auth.metrics.registry.metrics(), /auth_mails_total\{outcome="expired".*\} 1\n/);
  t.match(JSON.parse(line), { mail: id, kind: 'sign-in', state: 'expired', reason: /^SMTP / });
});

t.test('15: what a provider will never take is dropped at once', async (t) => {
  const catcher = await openMailCatcher(t);
  catcher.answerWith('550 no such mailbox');
  const auth = await startAuth(t, { env: { SMTP_URL: catcher.url, MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
  const { id, email } = await askForMail(auth);
  t.match(await waitForRecord(auth, id), { state: 'refused', reason: 'SMTP EMESSAGE (550)', attempts: 1 });
  t.notMatch(auth.logged.join(''), email);
});

t.test(
  '15: a provider that is down from the start, and one that never answers, are told to nobody who asks',
  async (t) => {
    for (const SMTP_URL of ['smtp://127.0.0.1:1', await openServer(t, () => undefined)]) {
      const auth = await startAuth(t, { env: { SMTP_URL, MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
      const began = performance.now();
      const asked = await Promise.all(Array.from({ length: 10 }, () => askForMail(auth)));
      t.ok(performance.now() - began < 3_000, 'nobody waits');
      const [first] = asked;
      t.match(await recordOf(auth, first?.id ?? ''), { state: 'queued' });
      await auth.stop();
    }
  },
);

t.test(
  '15: servers in their order: one that fails is passed over for a while, at once and without losing a try',
  async (t) => {
    const [first, second] = [await openMailCatcher(t), await openMailCatcher(t)];
    first.answerWith('421 closing down');
    const auth = await startAuth(t, {
      env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: `${first.url},${second.url}`, MAIL_FROM },
    });
    const { id } = await askForMail(auth);
    t.match(await waitForRecord(auth, id), {
      state: 'sent',
      attempts: 1,
      transport: `smtp ${new URL(second.url).host}`,
    });
    const usable = async (url: string) =>
      new RegExp(`auth_mail_transport_usable\\{transport="smtp ${new URL(url).host}".*\\} (\\d)`).exec(
        await auth.metrics.registry.metrics(),
      )?.[1];
    t.strictSame([await usable(first.url), await usable(second.url)], ['0', '1']);
    first.answerWith(undefined);
    const { id: next } = await askForMail(auth);
    t.match(await waitForRecord(auth, next), { transport: `smtp ${new URL(second.url).host}` }, 'still passed over');
    t.equal(first.mails.length, 0);
    const [one, two] = second.mails.map(({ message }) => /^Message-ID: (.*)\r$/im.exec(message)?.[1]);
    t.strictSame([one, two], [`<${id}@example.com>`, `<${next}@example.com>`]);
  },
);

t.test('15: a busy mailbox is tried at the next server, and the first is not blamed', async (t) => {
  const [first, second] = [await openMailCatcher(t), await openMailCatcher(t)];
  first.answerWith('451 greylisted');
  const SMTP_URL = `${first.url},${second.url}`;
  const auth = await startAuth(t, { env: { MAIL_TRANSPORT: 'smtp', SMTP_URL, MAIL_FROM } });
  await waitForRecord(auth, (await askForMail(auth)).id);
  first.answerWith(undefined);
  await waitForRecord(auth, (await askForMail(auth)).id);
  t.strictSame([first.mails.length, second.mails.length], [1, 1]);
});

t.test('15: with both configured, SMTP steps in for Resend, and Resend’s refusal of a mail is final', async (t) => {
  const resend = await openFakeResend(t);
  const catcher = await openMailCatcher(t);
  const auth = await startAuth(t, {
    env: {
      MAIL_TRANSPORT: 'resend,smtp',
      RESEND_API_KEY: 're_test',
      RESEND_URL: resend.url,
      SMTP_URL: catcher.url,
      MAIL_FROM,
    },
  });
  resend.refuseWith(422, 'validation_error');
  t.match(await waitForRecord(auth, (await askForMail(auth)).id), { state: 'refused' });
  t.equal(catcher.mails.length, 0);
  resend.refuseWith(500, 'application_error');
  t.match(await waitForRecord(auth, (await askForMail(auth)).id), { state: 'sent', transport: /^smtp / });
  t.match([resend.heard.length, catcher.mails.length], [2, 1]);
});

t.test('15: copies that get the same delivery send one mail, and a withdrawn one is sent by none', async (t) => {
  const auth = await startAuth(t, { env: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
  const { mails } = auth.resources.stores;
  const sent: string[] = [];
  const deliver = processor(auth, { send: async (id) => ({ transport: String(sent.push(id)), providerId: null }) });
  const id = await insertOnly(auth, t);
  await deliver(id);
  await Promise.all([deliver(id), deliver(id)]);
  t.strictSame(sent, [id]);
  const withdrawn = await insertOnly(auth, t);
  await mails.remove(withdrawn);
  await deliver(withdrawn);
  t.strictSame(sent, [id]);
});

t.test('15: a mail whose sending could not be recorded is not sent again for that', async (t) => {
  const auth = await startAuth(t, { env: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_TRANSPORT: 'smtp', MAIL_FROM } });
  const id = await insertOnly(auth, t);
  const recordSent = () => Promise.reject(new Error('the database is gone'));
  const send = async () => ({ transport: 'x', providerId: null });
  await t.resolves(processor(auth, { send }, { recordSent })(id));
});

t.test('15: an outage of the queue is a 503, leaves no record, and sends nothing later', async (t) => {
  const auth = await startAuth(t);
  auth.resources.queues.queue('mail').add = () => Promise.reject(new Error('the queue is gone'));
  const answer = await ask(`${auth.url}/auth/send-magic-link`, { method: 'POST', body: { email: newAddress() } });
  t.match(answer, { status: 503, json: { code: 'service-unavailable' } });
  t.equal((await auth.database.sql`select from auth.mails`).length, 0);
});

t.test(
  'notices stop where mail came back for good; what people ask for and alarms do not, and an arrival ends it',
  async (t) => {
    const auth = await startAuth(t);
    const { mails } = auth.resources.stores;
    const to = newAddress();
    const report = async (
      id: string,
      state: 'bounced' | 'complained' | 'delivered',
      reason: string | null,
      at: number,
    ) => mails.recordReport({ id, providerId: 'x', state, reason, at });
    const outcomeOf = async (name: string) => {
      const id = await queueMail(auth, sampleMail(name, to));
      return { id, state: (await waitForRecord(auth, id)).state };
    };
    const first = await outcomeOf('sign-in');
    await report(first.id, 'bounced', 'transient general', Date.now());
    t.equal((await outcomeOf('new-device')).state, 'sent', 'a full mailbox is no reason');
    const second = await outcomeOf('sign-in');
    await report(second.id, 'bounced', 'permanent general', Date.now());
    t.equal((await outcomeOf('new-device')).state, 'withheld');
    const asked = await outcomeOf('sign-in');
    t.equal(asked.state, 'sent', 'who asks is always sent it');
    t.equal((await outcomeOf('reuse-alarm')).state, 'sent', 'and so is who may have to act');
    await report(asked.id, 'delivered', null, Date.now() + 1_000);
    t.equal((await outcomeOf('new-device')).state, 'sent', 'the mailbox is back');
    await report(asked.id, 'complained', null, Date.now() + 2_000);
    const later = await outcomeOf('sign-in');
    await report(later.id, 'delivered', null, Date.now() + 3_000);
    t.equal((await outcomeOf('new-device')).state, 'withheld', 'called spam: no arrival undoes that');
  },
);

t.test('8: that mail to an address comes back is nothing that anyone who asks can see', async (t) => {
  const auth = await startAuth(t);
  const to = newAddress();
  const { id } = await askForMail(auth, to);
  await waitForRecord(auth, id);
  await auth.resources.stores.mails.recordReport({
    ...{ id, providerId: 'x', state: 'complained', reason: null, at: Date.now() },
  });
  const shapeOf = async (email: string) => {
    const { status, json } = await ask(`${auth.url}/auth/send-magic-link`, { method: 'POST', body: { email } });
    return { status, body: { ...(json as object), attemptId: '' } };
  };
  t.strictSame(await shapeOf(to), await shapeOf(newAddress()));
});

t.test('23: the record of a mail holds neither the address nor anything that was in it', async (t) => {
  const auth = await startAuth(t);
  const mail = sampleMail();
  const id = await queueMail(auth, mail);
  await waitForRecord(auth, id);
  const [row] = await auth.database.sql<{ row: string }[]>`
    select row_to_json(m)::text as row from auth.mails m where id = ${id}`;
  for (const secret of [mail.to, mail.code, mail.link, mail.subject])
    t.notOk(row?.row.includes(secret ?? ''), secret ?? '');
});

t.test('records of mails go after a month, after half a year where the mail came back', async (t) => {
  const auth = await startAuth(t);
  const [plain, back] = [await queueMail(auth, sampleMail()), await queueMail(auth, sampleMail())];
  await Promise.all([waitForRecord(auth, plain), waitForRecord(auth, back)]);
  const { mails } = auth.resources.stores;
  await mails.recordReport({
    id: back,
    providerId: 'x',
    state: 'bounced',
    reason: 'permanent general',
    at: Date.now(),
  });
  const left = async () => (await auth.database.sql`select id from auth.mails`).map(({ id }) => String(id));
  await letTimePass(auth.database, '31 days');
  await auth.resources.pruner.prune();
  t.strictSame(await left(), [back]);
  await letTimePass(auth.database, '150 days');
  await auth.resources.pruner.prune();
  t.strictSame(await left(), []);
});

/** A mail that is recorded and in no queue. */
async function insertOnly(auth: Auth, t: Test): Promise<string> {
  const { hashRecipient, stores } = auth.resources;
  const { to, kind } = sampleMail();
  const id = `01900000-0000-7000-8000-${Math.random().toString(16).slice(2, 14).padEnd(12, '0')}`;
  await stores.mails.insert({ id, kind, to, recipientHash: hashRecipient(to), userId: undefined, lifetime: 900 });
  t.match(await recordOf(auth, id), { state: 'queued', attempts: 0 });
  return id;
}

/** What the worker of a copy does with a delivery. */
function processor(auth: Auth, transport: Pick<MailTransport, 'send'>, store: object = {}) {
  const seal = createMailSeal(Buffer.alloc(32, 1));
  const work = createMailProcessor({
    seal,
    transport: { name: 'double', close: () => undefined, ...transport },
    store: { ...auth.resources.stores.mails, ...store },
    log: createLogger({ name: 'auth', level: 'silent' }),
    metrics: createAuthMetrics(createMetrics({ name: 'auth' })),
  });
  return (id: string) =>
    work(
      { id, payload: { sealed: seal.seal(id, sampleMail()) }, attempt: 1, lastAttempt: false },
      new AbortController().signal,
    );
}
