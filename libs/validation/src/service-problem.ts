import type { ProblemCode } from '@alva/shared-types';
import { z } from 'zod';
import { problemDocument, type ProblemDocument } from './problem-document.ts';

/** A service heard the request and refused it or could not serve it. Whoever never got an answer sees another error. */
export class ServiceProblem extends Error {
  override readonly name = 'ServiceProblem';
  readonly status: number;
  /** From the catalogue of `@alva/shared-types`, or newer than this copy of it. */
  readonly code: string;
  readonly detail: string | undefined;
  /** For support; undefined when something between here and the service answered. */
  readonly requestId: string | undefined;
  /** Seconds to wait before trying again, when the service said so. */
  readonly retryAfter: number | undefined;
  readonly errors: ProblemDocument['errors'];
  /** What this kind of problem says besides (RFC 9457, section 3.2); to be parsed by whoever knows the code. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    document: Omit<ProblemDocument, 'type' | 'requestId'> & { requestId?: string },
    retryAfter?: number,
    extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(document.title);
    this.status = document.status;
    this.code = document.code;
    this.detail = document.detail;
    this.requestId = document.requestId;
    this.retryAfter = retryAfter;
    this.errors = document.errors;
    this.extensions = extensions;
  }
}

/** Reads an answer that is not ok. Proxies answer in their own words; those get the code that fits their status. */
export async function readServiceProblem(response: Response): Promise<ServiceProblem> {
  const retryAfter = seconds(response.headers.get('retry-after'));
  const body: unknown = await response.json().catch(() => undefined);
  const { data } = z.looseObject(problemDocument.shape).safeParse(body);
  if (data) {
    const { type: _, title, status, detail, code, requestId, errors, ...extensions } = data;
    return new ServiceProblem({ title, status, detail, code, requestId, errors }, retryAfter, extensions);
  }
  const { status } = response;
  return new ServiceProblem({ status, code: codeFor(status), title: `The server answered ${status}` }, retryAfter);
}

function codeFor(status: number): ProblemCode {
  if (status === 401) return 'authentication-required';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limited';
  if (status >= 502 && status <= 504) return 'service-unavailable';
  return status < 500 ? 'malformed-request' : 'internal-error';
}

/** RFC 9110 section 10.2.3; our services send seconds, others may send a date. */
function seconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,6}$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
