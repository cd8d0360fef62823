import t from 'tap';
import { samples } from '../../src/mail/samples.ts';
import { startAuth } from '../support/auth.ts';
import { ask } from '../support/browser.ts';

const auth = await startAuth(t);

t.test('every letter can be looked at in development: light, dark and as text', async (t) => {
  const list = await ask(`${auth.url}/dev/mails`);
  t.match(list, { status: 200, headers: { 'content-type': /^text\/html/ } });
  for (const [name, { text }] of Object.entries(samples)) {
    t.match(list.text, `href="/dev/mails/${name}?theme=dark"`);
    const [light, dark, plain] = await Promise.all(
      ['?theme=light', '?theme=dark', '/text'].map((view) => ask(`${auth.url}/dev/mails/${name}${view}`)),
    );
    t.match(light, { status: 200, headers: { 'content-security-policy': /^sandbox/ }, text: '@media not all' });
    t.match(dark, { status: 200, text: '@media all' });
    t.match(plain, { status: 200, headers: { 'content-type': /^text\/plain/ }, text });
  }
  for (const name of ['nothing', '__proto__', 'constructor']) {
    t.equal((await ask(`${auth.url}/dev/mails/${name}`)).status, 404, name);
  }
});

t.test('the samples are there for that transport only', async (t) => {
  const sending = await startAuth(t, {
    env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@example.com' },
  });
  for (const path of ['/dev/mails', '/dev/mails/sign-in', '/dev/mails/sign-in/text'])
    t.equal((await ask(sending.url + path)).status, 404);
});

for (const [name, { html, text, subject, code, link, to }] of Object.entries(samples)) {
  t.test(`${name}: loads nothing, says the same twice, and its subject gives nothing away`, async (t) => {
    t.notMatch(html, /<(script|img|link|iframe|form|input)\b|url\(|@import|@font-face/i, 'nothing is fetched or run');
    t.match(html, /^<!doctype html>\n<html lang="en"/);
    t.match(html, /<h1 /);
    t.match(html, /<title>.+<\/title>/);
    t.ok(subject.length <= 60, 'the subject fits');
    t.notOk(subject.includes(to), 'no address in the subject');
    for (const secret of [code, link, link && new URL(link).hash].filter((value) => value)) {
      t.notOk(subject.includes(secret ?? ''), 'no secret in the subject');
      t.ok(text.includes(secret ?? ''), 'the text has it');
    }
    if (link) t.ok(html.includes(`href="${link}"`), 'the link is whole');
    t.ok(Buffer.byteLength(html) < 20_000, 'far below what mailboxes clip');
  });
}
