import { createHash } from 'node:crypto';

/** Base UI, of which the board is made, writes this into the page when one of its lists opens. */
const hiddenScrollbars =
  '.base-ui-disable-scrollbar{scrollbar-width:none}.base-ui-disable-scrollbar::-webkit-scrollbar{display:none}';

/** The colours inside the icon of the data store, which Bull Board puts into the page with it. */
const iconColours = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='";

/** For pages, scripts and data of the board: this origin and nobody else. */
export const boardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${iconColours} ${hashOf(hiddenScrollbars)}`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function hashOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}
