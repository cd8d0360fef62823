import { style } from './style.ts';

export interface Page {
  readonly title: string;
  /** HTML. */
  readonly lead: string;
  /** HTML. */
  readonly content: string;
  readonly reloadSeconds?: number;
}

export function renderPage({ title, lead, content, reloadSeconds }: Page): string {
  const reload = reloadSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${reloadSeconds}">`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${reload}<title>${title} (development)</title><style>${style}</style></head>
<body><main><header><h1>${title}</h1><p>${lead}</p></header>
${content}
</main></body></html>`;
}
