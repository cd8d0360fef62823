import type { ProblemError } from '@alva/service-kit';
import { hashOf } from './board-policy.ts';

const style =
  'body{font:1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:10vh auto;padding:0 1.5rem}code{font-size:.95em}';

export const refusalPagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** For whoever went to the board and may not see it. Says nothing of them, and nothing that they sent. */
export function renderRefusal({ problem, status }: ProblemError, webUrl: string): string {
  const { title, text } = wordsFor(status, webUrl);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title><style>${style}</style></head>
<body><h1>${title}</h1>${text.map((each) => `<p>${each}</p>`).join('')}<p><code>${status} ${problem}</code></p></body></html>`;
}

function wordsFor(status: number, webUrl: string): { title: string; text: string[] } {
  if (status === 401)
    return {
      title: 'This page has to be opened from the web app',
      text: [
        'It shows the queues to administrators. You did not come in through the web app, or so long ago that it counts no more.',
        `Sign in at <a href="${webUrl}">${webUrl}</a>. Its page for administrators is still to come; until then, <code>docs/operations/queues.md</code> says how to enter.`,
      ],
    };
  if (status === 403)
    return { title: 'This page is for administrators', text: ['Your account has no right to see the queues.'] };
  if (status === 404)
    return { title: 'There is nothing here', text: ['<a href="/admin/queues">Back to the queues</a>'] };
  return { title: 'The queues cannot be shown now', text: ['Try again in a moment.'] };
}
