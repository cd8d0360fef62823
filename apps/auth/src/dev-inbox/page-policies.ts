import { createHash } from 'node:crypto';
import { style } from './style.ts';

const hash = createHash('sha256').update(style).digest('base64');

/** For pages of ours: their own style and nothing else. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A mail as its reader would see it: inline styles, links that open, and nothing else. */
export const mailPolicy = `sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'`;
