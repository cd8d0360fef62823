import type { onRequestHookHandler } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

const missing = 'An Origin header is needed here, that of a page of the web app. Browsers send it by themselves.';
const foreign = 'The Origin header names no page that may do this, or the request came from another site.';

/** For routes of services, which send no origin: refuses what a page elsewhere has a browser send in its person's name. */
export function notFromElsewhere(origins: readonly string[]): onRequestHookHandler {
  const allowed = new Set(origins);
  return ({ headers: { origin, 'sec-fetch-site': site } }, _reply, done) => {
    const elsewhere = site === 'cross-site' || (origin !== undefined && !allowed.has(origin));
    done(elsewhere ? new ProblemError('origin-not-allowed', { detail: foreign }) : undefined);
  };
}

/**
 * For routes that act on a cookie alone. Browsers say where a request comes from, so one that does not say, or says
 * somewhere else, is not from our pages. Runs before the body is read: a form post from elsewhere is refused for where
 * it comes from, whatever it carries.
 */
export function onlyFromOwnPages(origins: readonly string[]): onRequestHookHandler {
  const allowed = new Set(origins);
  return (request, _reply, done) => {
    const { origin, 'sec-fetch-site': site } = request.headers;
    const sameSite = site === 'same-origin' || site === 'same-site';
    const ours = origin === undefined ? sameSite : allowed.has(origin) && site !== 'cross-site';
    const detail = origin === undefined ? missing : foreign;
    done(ours ? undefined : new ProblemError('origin-not-allowed', { detail }));
  };
}
