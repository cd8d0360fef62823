import { type MailKind } from './kinds.ts';
import { type Mail } from './mail.ts';

export interface Letter {
  readonly kind: MailKind;
  readonly to: string;
  /** What it is about, for a locked screen to show: no code, no name, nothing that is between us and its reader. */
  readonly subject: string;
  /** The line that mailboxes show beside the subject. */
  readonly preview: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** What it tells of: `['Device', 'Firefox on Linux']`. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  readonly action?: { readonly label: string; readonly link: string };
  readonly code?: { readonly label: string; readonly value: string };
  readonly footnotes: readonly string[];
}

/** A letter as text and as HTML. No pictures, no fonts, nothing loaded from anywhere: opening it tells nobody. */
export function renderLetter(letter: Letter): Mail {
  const { kind, to, subject, action, code } = letter;
  return {
    kind,
    to,
    subject,
    text: renderText(letter),
    html: renderHtml(letter),
    link: action?.link ?? null,
    code: code?.value ?? null,
  };
}

function renderText({ heading, paragraphs, facts = [], action, code, footnotes }: Letter): string {
  return [
    heading,
    ...paragraphs,
    ...(facts.length > 0 ? [facts.map(([name, value]) => `${name}: ${value}`).join('\n')] : []),
    ...(action ? [`${action.label}:\n${action.link}`] : []),
    ...(code ? [`${code.label}\n\n    ${code.value}`] : []),
    '--',
    ...footnotes,
  ].join('\n\n');
}

const sans = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;
const mono = `ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace`;

// Every element carries the light theme itself, because many mailboxes drop <style>; those that keep it may be dark or
// narrow. Outlook on Windows draws tables and cells only, so whatever has a colour of its own is one.
const styleSheet = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:520px){.page-cell{padding:16px 12px!important}.card-cell{padding:28px 22px!important}.code{letter-spacing:6px!important}}
@media (prefers-color-scheme:dark){
body,.page{background:#0f1115!important}.card{background:#181b21!important;border-color:#2a2e37!important}
.ink{color:#eceef2!important}.body{color:#c4c9d4!important}.soft{color:#98a1b3!important}
.rule{border-color:#2a2e37!important}.code{background:#22262e!important;color:#eceef2!important}
.button{background:#eceef2!important}.button a{color:#16181d!important;background:#eceef2!important;border-color:#eceef2!important}}
`;

/** Behind the preview, so that mailboxes with room for more do not go on with the heading. */
const previewEnd = '&#847;&zwnj;&nbsp;'.repeat(60);

function renderHtml({ subject, preview, heading, paragraphs, facts = [], action, code, footnotes }: Letter): string {
  return `<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escape(subject)}</title>
<style>${styleSheet}</style>
</head>
<body style="margin:0;padding:0;background:#f4f5f7;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${escape(preview)}${previewEnd}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f4f5f7"><tr><td class="page-cell" align="center" style="padding:40px 16px;font-family:${sans}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px;text-align:left">
<tr><td class="ink" style="padding:0 4px 16px;font-size:17px;line-height:24px;font-weight:700;letter-spacing:-0.01em;color:#16181d">Alva</td></tr>
<tr><td class="card" bgcolor="#ffffff" style="background:#ffffff;border:1px solid #e4e7ec;border-radius:14px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="card-cell" style="padding:36px 36px 32px">
<h1 class="ink" style="margin:0 0 12px;font-size:24px;line-height:32px;font-weight:600;letter-spacing:-0.01em;color:#16181d">${escape(heading)}</h1>
${[
  ...paragraphs.map(paragraph),
  ...(facts.length > 0 ? [factTable(facts)] : []),
  ...(action ? [button(action)] : []),
  ...(code ? [codeBlock(code)] : []),
].join('\n')}
</td></tr></table></td></tr>
<tr><td class="soft" style="padding:20px 4px 0;font-size:13px;line-height:20px;color:#667085">
${footnotes.map((text) => `<p style="margin:0 0 8px">${escape(text)}</p>`).join('\n')}
</td></tr>
</table></td></tr></table>
</body></html>`;
}

function paragraph(text: string): string {
  return `<p class="body" style="margin:0 0 16px;font-size:16px;line-height:25px;color:#3d4451">${escape(text)}</p>`;
}

function factTable(facts: NonNullable<Letter['facts']>): string {
  const row = ([name, value]: readonly [string, string], at: number) => {
    const rule = at === 0 ? 'border-top:1px solid #e4e7ec;' : '';
    const cell = `${rule}border-bottom:1px solid #e4e7ec;padding:10px 0;font-size:15px;line-height:22px;vertical-align:top`;
    return `<tr><th class="soft rule" scope="row" align="left" width="96" style="${cell};font-weight:400;color:#667085">${escape(name)}</th><td class="ink rule" style="${cell};color:#16181d">${escape(value)}</td></tr>`;
  };
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 20px;border-collapse:collapse">${facts.map(row).join('')}</table>`;
}

/** The padding is a border too, which Outlook draws where it ignores padding: all of it can be clicked everywhere. */
function button({ label, link }: NonNullable<Letter['action']>): string {
  const look = `display:inline-block;background:#16181d;color:#ffffff;border:1px solid #16181d;border-radius:10px;padding:13px 26px;font-size:16px;line-height:20px;font-weight:600;text-decoration:none;mso-padding-alt:0;mso-border-alt:13px solid #16181d`;
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 12px"><tr><td class="button" bgcolor="#16181d" style="border-radius:10px;background:#16181d"><a href="${escape(link)}" style="${look}">${escape(label)}</a></td></tr></table>`;
}

function codeBlock({ label, value }: NonNullable<Letter['code']>): string {
  return `<p class="body" style="margin:20px 0 10px;font-size:16px;line-height:25px;color:#3d4451">${escape(label)}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 4px"><tr><td class="code" bgcolor="#f1f3f6" align="center" style="padding:18px 12px 18px 20px;border-radius:10px;background:#f1f3f6;color:#16181d;font-family:${mono};font-size:28px;line-height:34px;font-weight:600;letter-spacing:8px">${escape(value)}</td></tr></table>`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
