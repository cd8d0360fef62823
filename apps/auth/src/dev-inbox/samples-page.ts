import { escape } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';
import { renderPage } from './page.ts';

export const themes = ['light', 'dark'] as const;

export function renderSamples(samples: [name: string, mail: Mail][]): string {
  const letters = samples.map(([name, { subject, text }]) => {
    const views = themes.map((theme) => link(`/dev/mails/${name}?theme=${theme}`, `${theme} page`));
    return `<article><h2>${escape(subject)}</h2>
<p class="meta">${escape(name)}, ${text.length} characters of text</p>
<div class="actions">${[...views, link(`/dev/mails/${name}/text`, 'text')].join('\n')}</div></article>`;
  });
  return renderPage({
    title: 'Mails',
    lead: 'A sample of every letter. What was “sent” is in the <a href="/dev/inbox">inbox</a>.',
    content: letters.join('\n'),
  });
}

/** The same letter with its dark rules always or never on, whatever the browser prefers. */
export function inTheme(html: string, theme: (typeof themes)[number] | undefined): string {
  if (theme === undefined) return html;
  return html.replace('(prefers-color-scheme:dark)', theme === 'dark' ? 'all' : 'not all');
}

function link(href: string, label: string): string {
  return `<a class="button" href="${href}">${label}</a>`;
}
