export interface BoardPage {
  readonly title: string;
  /** The path that everything of the board is below, with a slash at its end. */
  readonly base: string;
  /** JSON, with `<` and `>` escaped. */
  readonly config: string;
  readonly icon: string;
}

/**
 * Bull Board's page around its own scripts and styles. Its template is not used as it is, because that asks another host for
 * fonts and carries inline styles.
 */
export function renderBoardPage(template: string, { title, base, config, icon }: BoardPage): string {
  const found = (pattern: RegExp) => [...template.matchAll(pattern)].map(([, path = '']) => path);
  const styles = found(/<link href="(static\/[\w./-]+\.css)"/g).map((path) => `<link rel="stylesheet" href="${path}">`);
  const scripts = found(/<script defer src="(static\/[\w./-]+\.js)"/g).map(
    (path) => `<script defer src="${path}"></script>`,
  );
  if (styles.length === 0 || scripts.length === 0)
    throw new Error('Bull Board has changed its page: see board-page.ts');
  return `<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<base href="${base}"><title>${title}</title><link rel="icon" type="image/svg+xml" id="fav-logo" href="${icon}">
${styles.join('\n')}
</head>
<body class="preload"><script id="__UI_CONFIG__" type="application/json">${config}</script>
<div id="root"><noscript>This page needs JavaScript.</noscript></div>
${scripts.join('\n')}
</body>
</html>`;
}
