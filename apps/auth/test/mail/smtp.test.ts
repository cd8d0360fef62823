import { openMailCatcher } from '@alva/testing';
import t from 'tap';
import { createSmtpTransport } from '../../src/mail/transports/smtp.ts';
import { from, openServer, sampleMail } from '../support/mails.ts';

const mail = { ...sampleMail('sign-in', 'person@example.com'), subject: 'Grüße' };
const id = '01900000-0000-7000-8000-000000000001';
const { signal } = new AbortController();

t.test('smtp: one recipient, both versions, and headers that say what it is', async (t) => {
  const catcher = await openMailCatcher(t);
  const transport = createSmtpTransport({ url: catcher.url, from, replyTo: 'help@example.com' });
  t.teardown(() => transport.close());
  t.strictSame(await transport.send(id, mail, signal), {
    transport: `smtp ${new URL(catcher.url).host}`,
    providerId: null,
  });
  const [caught] = await catcher.waitFor(1);
  t.strictSame(caught?.to, ['person@example.com']);
  const message = caught?.message ?? '';
  for (const line of [
    `Message-ID: <${id}@example.com>`,
    'Auto-Submitted: auto-generated',
    'Reply-To: help@example.com',
    'From: Alva <hello@example.com>',
    'To: person@example.com',
    'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=',
  ])
    t.match(message, new RegExp(`^${line.replace(/[?.]/g, '\\$&')}\r$`, 'im'));
  t.match(message, /^Date: \w{3}, \d+ \w{3} \d{4} .*\r$/m);
  t.match(message, /multipart\/alternative/);
  t.ok(message.indexOf('text/plain') < message.indexOf('text/html'), 'the version to prefer comes last');
  t.notMatch(message, /^(List-Unsubscribe|X-Mailer|X-Originating-IP):/im);
});

t.test('smtp: a refusal says nothing of what was in it, and whether it is for good', async (t) => {
  const catcher = await openMailCatcher(t);
  const transport = createSmtpTransport({ url: catcher.url, from });
  t.teardown(() => transport.close());
  for (const [reply, name] of [
    ['550 no such person@example.com', 'MailRefusedError'],
    ['552 person@example.com is full', 'MailRefusedError'],
    ['451 person@example.com is busy', 'Error'],
    ['550 5.7.1 person@example.com looks like spam', 'Error'],
    ['421 closing', 'MailUnavailableError'],
  ] as const) {
    catcher.answerWith(reply);
    await t.rejects(transport.send(id, mail, signal), { name, message: /^SMTP E[A-Z]+ \(\d{3}\)$/ }, reply);
  }
});

t.test('smtp: beyond this machine nothing is said in clear, unless the URL asks for that', async (t) => {
  const catcher = await openMailCatcher(t);
  // The same server by an address that is not a loopback one; it offers no encryption.
  const url = catcher.url.replace('127.0.0.1', '0.0.0.0');
  const careful = createSmtpTransport({ url, from });
  const careless = createSmtpTransport({ url: `${url}?requireTLS=false`, from });
  t.teardown(() => {
    careful.close();
    careless.close();
  });
  await t.rejects(careful.send(id, mail, signal), { name: 'MailUnavailableError', message: /^SMTP ETLS/ });
  t.strictSame(catcher.mails, []);
  await careless.send(id, mail, signal);
  t.equal(catcher.mails.length, 1);
});

t.test('41: a tar-pit that says a little now and then is given up in time', async (t) => {
  const url = await openServer(t, (socket) => {
    // A line that never ends keeps every time-out of silence from running out.
    const drip = setInterval(() => socket.write('2'), 50);
    socket.on('close', () => clearInterval(drip));
  });
  const transport = createSmtpTransport({ url, from, patienceMs: 400 });
  t.teardown(() => transport.close());
  const begun = performance.now();
  await t.rejects(transport.send(id, mail, signal), { name: 'MailUnavailableError', message: 'SMTP took too long' });
  t.ok(performance.now() - begun < 3_000);
});

t.test('41: a server that dies in the middle, or speaks something else, is no answer about the mail', async (t) => {
  for (const behave of [
    (socket: { destroy(): void }) => socket.destroy(),
    (socket: { end(text: string): void }) => socket.end('220 hello\r\n'),
    (socket: { end(text: string): void }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  ]) {
    const transport = createSmtpTransport({ url: await openServer(t, behave), from, patienceMs: 5_000 });
    t.teardown(() => transport.close());
    await t.rejects(transport.send(id, mail, signal), { name: 'MailUnavailableError' });
  }
});
