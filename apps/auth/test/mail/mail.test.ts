import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createLogger } from '@alva/service-kit';
import { openMailCatcher } from '@alva/testing';
import t from 'tap';
import { createMailProcessor } from '../../src/mail/mail-worker.ts';
import { MailRefusedError, type Mail, type MailTransport } from '../../src/mail/mail.ts';
import { createMailSeal } from '../../src/mail/sealed-mail.ts';
import { createInboxTransport } from '../../src/mail/transports/inbox.ts';
import { createResendTransport } from '../../src/mail/transports/resend.ts';
import { createSmtpTransport } from '../../src/mail/transports/smtp.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { readInbox } from '../support/sign-in.ts';

const mail: Mail = {
  to: 'person@example.com',
  subject: 'Grüße',
  text: 'Hello',
  html: '<p>Hello</p>',
  link: null,
  code: null,
};
const id = '01900000-0000-7000-8000-000000000001';

function processor(transport: Pick<MailTransport, 'send'>, now?: () => number) {
  const seal = createMailSeal(Buffer.alloc(32, 1));
  const counted: string[] = [];
  const work = createMailProcessor({
    seal,
    transport: { close: () => undefined, ...transport },
    log: createLogger({ name: 'auth', level: 'silent' }),
    metrics: { countMail: (outcome) => counted.push(outcome) },
    ...(now ? { now } : {}),
  });
  const expiresAt = 1_000_000;
  const deliver = () =>
    work(
      { id, payload: { sealed: seal.seal(id, { mail, expiresAt }) }, attempt: 1, lastAttempt: false },
      new AbortController().signal,
    );
  return { deliver, counted };
}

t.test(
  'a provider’s failure is not the person’s 500: the mail waits, and goes out when the provider is back',
  async (t) => {
    const catcher = await openMailCatcher(t);
    catcher.answerWith('451 try again later');
    const auth = await startAuth(t, {
      env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: catcher.url, MAIL_FROM: 'Alva <hello@example.com>' },
    });
    const email = newAddress();
    const answer = await ask(`${auth.url}/auth/send-magic-link`, { method: 'POST', body: { email } });
    t.equal(answer.status, 202);
    const failed = async () =>
      /auth_mails_total\{outcome="failed".*\} [1-9]/.test(await auth.metrics.registry.metrics());
    while (!(await failed())) await new Promise((resolve) => setImmediate(resolve));
    t.equal(catcher.mails.length, 0);
    catcher.answerWith(undefined);
    const [caught] = await catcher.waitFor(1);
    t.match(caught, { from: 'hello@example.com', to: [email], message: /sign-in\/verify#token=/ });
    const { attemptId } = answer.json as { attemptId: string };
    t.match(caught?.message, new RegExp(`Message-ID: <${attemptId}@`, 'i'));
  },
);

t.test('a mail is never sent after its link expired', async (t) => {
  const sent: Mail[] = [];
  const transport = { send: async (_id: string, one: Mail) => void sent.push(one) };
  const late = processor(transport, () => 1_000_000);
  await late.deliver();
  t.strictSame([sent.length, late.counted], [0, ['expired']]);
  const inTime = processor(transport, () => 999_999);
  await inTime.deliver();
  t.strictSame([sent.length, inTime.counted], [1, ['sent']]);
});

t.test('a failed mail is tried again, a refused one is not', async (t) => {
  const now = () => 0;
  const failing = processor({ send: () => Promise.reject(new Error('down')) }, now);
  await t.rejects(failing.deliver(), { message: 'down' });
  const refused = processor({ send: () => Promise.reject(new MailRefusedError('no')) }, now);
  await t.resolves(refused.deliver());
  t.strictSame([failing.counted, refused.counted], [['failed'], ['refused']]);
});

t.test('queued mail opens only with the key and under the id it was sealed for', async (t) => {
  const seal = createMailSeal(Buffer.alloc(32, 1));
  const sealed = seal.seal(id, { mail, expiresAt: 1 });
  t.strictSame(seal.unseal(id, sealed), { mail, expiresAt: 1 });
  t.throws(() => seal.unseal('01900000-0000-7000-8000-000000000002', sealed));
  t.throws(() => createMailSeal(Buffer.alloc(32, 2)).unseal(id, sealed));
});

t.test('a mail delivered twice is in the inbox once', async (t) => {
  const auth = await startAuth(t);
  const transport = createInboxTransport(auth.resources.stores.inbox);
  await transport.send(id, mail);
  await transport.send(id, mail);
  t.equal((await readInbox(auth, mail.to)).length, 1);
});

t.test('smtp: one recipient, both versions, and a refusal says nothing of what was in it', async (t) => {
  const catcher = await openMailCatcher(t);
  const transport = createSmtpTransport({ url: catcher.url, from: 'Alva <hello@example.com>' });
  t.teardown(() => transport.close());
  await transport.send(id, mail);
  const [caught] = await catcher.waitFor(1);
  t.strictSame(caught?.to, ['person@example.com']);
  t.match(caught?.message, /multipart\/alternative/);
  catcher.answerWith('550 no such person@example.com');
  await t.rejects(transport.send(id, mail), { name: 'MailRefusedError', message: 'SMTP EMESSAGE (550)' });
  catcher.answerWith('451 person@example.com is busy');
  await t.rejects(transport.send(id, mail), { name: 'Error', message: 'SMTP EMESSAGE (451)' });
});

t.test('smtp: beyond this machine nothing is said in clear, unless the URL asks for that', async (t) => {
  const catcher = await openMailCatcher(t);
  // The same server by an address that is not a loopback one; it offers no encryption.
  const url = catcher.url.replace('127.0.0.1', '0.0.0.0');
  const from = 'Alva <hello@example.com>';
  const careful = createSmtpTransport({ url, from });
  const careless = createSmtpTransport({ url: `${url}?requireTLS=false`, from });
  t.teardown(() => {
    careful.close();
    careless.close();
  });
  await t.rejects(careful.send(id, mail), { message: /^SMTP ETLS/ });
  t.strictSame(catcher.mails, []);
  await careless.send(id, mail);
  t.equal(catcher.mails.length, 1);
});

t.test(
  'resend: the mail with its idempotency key; wrong mails are refused for good, all else is tried again',
  async (t) => {
    const heard: { path: string | undefined; key: unknown; body: unknown }[] = [];
    const answer = { status: 200, body: { id: 'x' } as object };
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        heard.push({ path: request.url, key: request.headers['idempotency-key'], body: JSON.parse(text) });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = createResendTransport({ apiKey: 're_test', from: 'Alva <hello@example.com>', baseUrl });
    await transport.send(id, mail);
    t.match(heard, [
      { path: '/emails', key: id, body: { from: 'Alva <hello@example.com>', to: mail.to, subject: 'Grüße' } },
    ]);

    const refusal = (statusCode: number, name: string) =>
      Object.assign(answer, { status: statusCode, body: { statusCode, name, message: `about ${mail.to}` } });
    refusal(422, 'validation_error');
    await t.rejects(transport.send(id, mail), {
      name: 'MailRefusedError',
      message: 'resend answered 422 validation_error',
    });
    for (const [status, name] of [
      [401, 'invalid_api_key'],
      [429, 'rate_limit_exceeded'],
      [500, 'application_error'],
      [409, 'concurrent_idempotent_requests'],
    ] as const) {
      refusal(status, name);
      await t.rejects(transport.send(id, mail), { name: 'Error', message: `resend answered ${status} ${name}` });
    }
  },
);

t.test('the inbox page shows the newest first, escapes what it shows and runs nothing', async (t) => {
  const auth = await startAuth(t);
  const { inbox } = auth.resources.stores;
  await inbox.insert('01900000-0000-7000-8000-000000000003', { ...mail, subject: 'older' });
  await inbox.insert('01900000-0000-7000-8000-000000000004', {
    ...mail,
    subject: '<script>alert(1)</script>',
    link: 'http://localhost:3000/x',
    code: 'ABC346',
  });
  const page = await ask(`${auth.url}/dev/inbox`);
  t.match(page, {
    status: 200,
    headers: { 'content-type': /^text\/html/, 'content-security-policy': /^default-src 'none'; style-src 'sha256-/ },
  });
  t.ok(page.text.indexOf('ABC346') < page.text.indexOf('older'));
  t.match(page.text, 'href="http://localhost:3000/x"');
  t.notMatch(page.text, '<script>');
  const one = await ask(`${auth.url}/dev/inbox/01900000-0000-7000-8000-000000000004`);
  t.match(one, { status: 200, text: '<p>Hello</p>', headers: { 'content-security-policy': /^sandbox/ } });
});

t.test('the inbox is there for that transport only', async (t) => {
  const auth = await startAuth(t, {
    env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@example.com' },
  });
  for (const path of ['/dev/inbox', '/dev/inbox.json']) t.equal((await ask(auth.url + path)).status, 404);
});
