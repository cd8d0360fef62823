import { type Mail } from './mail.ts';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** The line that mailboxes show beside the subject. */
  readonly preview: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly link: string };
  readonly code?: { readonly label: string; readonly value: string };
  readonly footnotes: readonly string[];
}

/** A letter as text and as HTML. No pictures, no fonts, nothing loaded from anywhere: opening it tells nobody. */
export function renderLetter(letter: Letter): Mail {
  const { to, subject, action, code } = letter;
  return {
    to,
    subject,
    text: renderText(letter),
    html: renderHtml(letter),
    link: action?.link ?? null,
    code: code?.value ?? null,
  };
}

function renderText({ heading, paragraphs, action, code, footnotes }: Letter): string {
  return [
    heading,
    ...paragraphs,
    ...(action ? [`${action.label}:\n${action.link}`] : []),
    ...(code ? [`${code.label}\n\n    ${code.value}`] : []),
    '--',
    ...footnotes,
  ].join('\n\n');
}

const fonts = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;

// Inline styles carry the light theme, because many mailboxes drop <style>; those that keep it may be dark.
const dark = `@media (prefers-color-scheme:dark){
body,.page{background:#101114!important}.card{background:#191b20!important;border-color:#2b2e36!important}
h1,.code{color:#f3f4f6!important}p{color:#c3c7d0!important}.small,.small a{color:#8d93a1!important}
.code{background:#23262d!important}.button{background:#f3f4f6!important;color:#101114!important}}`;

function renderHtml({ subject, preview, heading, paragraphs, action, code, footnotes }: Letter): string {
  const small = `margin:0 0 8px;font-size:13px;line-height:20px;color:#6b7280`;
  const paragraph = (text: string) =>
    `<p style="margin:0 0 16px;font-size:16px;line-height:24px;color:#374151">${escape(text)}</p>`;
  const button = action
    ? `<p style="margin:24px 0"><a class="button" href="${escape(action.link)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#111827;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escape(action.label)}</a></p>`
    : '';
  const codeBlock = code
    ? `${paragraph(code.label)}<p class="code" style="margin:0 0 24px;padding:16px;border-radius:8px;background:#f3f4f6;color:#111827;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:28px;line-height:32px;letter-spacing:8px;text-align:center">${escape(code.value)}</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(subject)}</title><style>${dark}</style></head>
<body style="margin:0;background:#f6f7f9">
<div style="display:none;max-height:0;overflow:hidden">${escape(preview)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f7f9;font-family:${fonts}"><tr><td align="center" style="padding:40px 16px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px;background:#ffffff;border:1px solid #e5e7eb;border-radius:12px;text-align:left"><tr><td style="padding:32px">
<p class="small" style="margin:0 0 24px;font-size:15px;font-weight:600;letter-spacing:.02em;color:#6b7280">Alva</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:28px;font-weight:650;color:#111827">${escape(heading)}</h1>
${paragraphs.map(paragraph).join('\n')}
${button}
${codeBlock}
${footnotes.map((text) => `<p class="small" style="${small}">${escape(text)}</p>`).join('\n')}
</td></tr></table></td></tr></table></body></html>`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
