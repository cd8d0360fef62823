import { z } from 'zod';

const origin = z.url({ protocol: /^https?$/ }).transform((value) => new URL(value).origin);

/** What the browser has to know about this installation. */
export interface PublicConfig {
  apiUrl: string;
  authUrl: string;
  /** The page of development mail, where mail goes there (`MAIL_TRANSPORT=inbox`, which production refuses). */
  inboxUrl: string | null;
}

/**
 * Read per request, never baked into a build: one image serves every installation.
 * This and `isPlainHttp` are the only places of the web app that look at the environment.
 */
export function readPublicConfig(): PublicConfig {
  const port = (digit: number) => `http://localhost:${process.env.ALVA_PORT_PREFIX ?? '300'}${digit}`;
  const apiUrl = origin.parse(process.env.API_URL ?? port(1));
  const authUrl = origin.parse(process.env.AUTH_URL ?? port(2));
  return { apiUrl, authUrl, inboxUrl: process.env.MAIL_TRANSPORT === 'inbox' ? `${authUrl}/dev/inbox` : null };
}

/** Whether the site is reached without TLS, which only development is. */
export function isPlainHttp(): boolean {
  return !(process.env.WEB_URL ?? 'http://localhost').startsWith('https:');
}
