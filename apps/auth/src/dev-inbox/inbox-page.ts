import { type InboxMail } from '../mail/inbox.store.ts';
import { escape } from '../mail/letter.ts';
import { renderPage } from './page.ts';

/** A page that reloads itself, so that the mail one waits for simply turns up. */
export function renderInbox(mails: InboxMail[]): string {
  return renderPage({
    title: 'Inbox',
    lead: 'Mail is kept here instead of being sent. There is a <a href="/dev/mails">sample of every letter</a>.',
    reloadSeconds: 5,
    content:
      mails.length > 0 ? mails.map(renderMail).join('\n') : '<p class="empty">No mail yet. Ask for a sign-in link.</p>',
  });
}

function renderMail({ id, to, subject, link, code, sentAt }: InboxMail): string {
  const time = new Date(sentAt).toISOString();
  return `<article><h2>${escape(subject)}</h2>
<p class="meta">to ${escape(to)}, <time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></p>
<div class="actions">
${link ? `<a class="button" href="${escape(link)}">Open the link</a>` : ''}
${code ? `<span class="code">${escape(code)}</span>` : ''}
<a href="/dev/inbox/${id}">View the mail</a>
</div></article>`;
}
