import t from 'tap';
import { createResendTransport } from '../../src/mail/transports/resend.ts';
import { openFakeResend } from '../support/fake-resend.ts';
import { from, sampleMail } from '../support/mails.ts';

const mail = sampleMail('sign-in', 'person@example.com');
const id = '01900000-0000-7000-8000-000000000001';
const { signal } = new AbortController();

t.test('resend: the mail with its idempotency key, and with what its reports will name it by', async (t) => {
  const resend = await openFakeResend(t);
  const transport = createResendTransport({
    apiKey: 're_test',
    from,
    replyTo: 'help@example.com',
    baseUrl: resend.url,
  });
  t.strictSame(await transport.send(id, mail, signal), { transport: 'resend', providerId: 're_1' });
  t.match(resend.heard, [
    {
      path: '/emails',
      headers: { 'idempotency-key': id, authorization: 'Bearer re_test' },
      body: {
        from,
        reply_to: 'help@example.com',
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: { 'Auto-Submitted': 'auto-generated' },
        tags: [
          { name: 'mail', value: id },
          { name: 'kind', value: 'sign-in' },
        ],
      },
    },
  ]);
});

t.test('resend: wrong mails are refused for good, all else is tried again, and nothing is quoted', async (t) => {
  const resend = await openFakeResend(t);
  const transport = createResendTransport({ apiKey: 're_test', from, baseUrl: resend.url });
  for (const [status, name, error] of [
    [422, 'validation_error', 'MailRefusedError'],
    [422, 'invalid_from_address', 'MailUnavailableError'],
    [401, 'invalid_api_key', 'MailUnavailableError'],
    [403, 'validation_error', 'MailUnavailableError'],
    [429, 'rate_limit_exceeded', 'MailUnavailableError'],
    [500, 'application_error', 'MailUnavailableError'],
    [409, 'concurrent_idempotent_requests', 'Error'],
    [409, 'invalid_idempotent_request', 'Error'],
  ] as const) {
    resend.refuseWith(status, name);
    await t.rejects(transport.send(id, mail, signal), { name: error, message: `resend answered ${status} ${name}` });
  }
  resend.refuseWith(429, 'rate_limit_exceeded', { 'retry-after': '7' });
  const error: unknown = await transport.send(id, mail, signal).catch((reason: unknown) => reason);
  t.match(error, { retryAfter: 7 });
});

t.test('resend: down, silent, or hanging up in the middle is no answer about the mail', async (t) => {
  const resend = await openFakeResend(t);
  const transport = createResendTransport({ apiKey: 're_test', from, baseUrl: resend.url, patienceMs: 300 });
  const unavailable = { name: 'MailUnavailableError' };
  resend.answerWith(() => undefined);
  await t.rejects(transport.send(id, mail, signal), unavailable, 'silent');
  resend.answerWith((response) => response.socket?.destroy());
  await t.rejects(transport.send(id, mail, signal), unavailable, 'hung up');
  resend.answerWith((response) => response.writeHead(200, { 'content-length': '50' }).write('{"id":'));
  await t.rejects(transport.send(id, mail, signal), unavailable, 'half an answer');
  resend.answerWith((response) => response.writeHead(502).end('<html>bad gateway</html>'));
  await t.rejects(transport.send(id, mail, signal), unavailable, 'a proxy');
  const nobody = createResendTransport({ apiKey: 're_test', from, baseUrl: 'http://127.0.0.1:1' });
  await t.rejects(nobody.send(id, mail, signal), unavailable, 'down');
});
