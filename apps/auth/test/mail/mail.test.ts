import t from 'tap';
import { pauseAfter } from '../../src/mail/pauses.ts';
import { createMailSeal } from '../../src/mail/sealed-mail.ts';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { queueMail, sampleMail, waitForRecord } from '../support/mails.ts';
import { readInbox } from '../support/sign-in.ts';

const mail = sampleMail('sign-in', 'person@example.com');
const id = '01900000-0000-7000-8000-000000000001';

t.test('queued mail opens only with the key and under the id it was sealed for', async (t) => {
  const seal = createMailSeal(Buffer.alloc(32, 1));
  const sealed = seal.seal(id, mail);
  t.strictSame(seal.unseal(id, sealed), mail);
  t.throws(() => seal.unseal('01900000-0000-7000-8000-000000000002', sealed));
  t.throws(() => createMailSeal(Buffer.alloc(32, 2)).unseal(id, sealed), {
    message: 'sealed under another KEY_ENCRYPTION_KEY',
  });
});

t.test('15: pauses double up to a bound that suits how long the mail is good for', async (t) => {
  const pauses = (lifetime: number) => [1, 2, 3, 4, 5, 6, 20].map((attempt) => pauseAfter(attempt, lifetime, 0) / 1000);
  t.strictSame(pauses(900), [2, 4, 8, 16, 30, 30, 30], 'a sign-in link');
  t.strictSame(pauses(86_400), [2, 4, 8, 16, 32, 64, 900], 'an alarm');
  t.equal(pauseAfter(3, 900, 1), 4_000, 'never less than half');
});

t.test('a mail delivered twice is in the inbox once, and so is one asked for twice', async (t) => {
  const auth = await startAuth(t);
  await auth.resources.stores.inbox.insert(id, mail);
  await auth.resources.stores.inbox.insert(id, mail);
  t.equal((await readInbox(auth, mail.to)).length, 1);
  const asked = sampleMail();
  const first = await queueMail(auth, asked);
  await waitForRecord(auth, first);
  await auth.resources.mailer.send(first, asked, { lifetime: 900 });
  t.match(await waitForRecord(auth, first), { state: 'sent', attempts: 1, transport: 'inbox' });
  t.equal((await readInbox(auth, asked.to)).length, 1);
});

t.test('the inbox page shows the newest first, escapes what it shows and runs nothing', async (t) => {
  const auth = await startAuth(t);
  const { inbox } = auth.resources.stores;
  await inbox.insert('01900000-0000-7000-8000-000000000003', { ...mail, subject: 'older' });
  await inbox.insert('01900000-0000-7000-8000-000000000004', {
    ...mail,
    subject: '<script>alert(1)</script>',
    html: '<p>Hello</p>',
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
