import { type ProblemCode, problems } from '@alva/shared-types';
import type { Identifiers } from '../server/create-server.ts';

export interface FieldError {
  /** JSON pointer into the body as a URI fragment ("#/email"); "#/query/limit", "#/path/id", "#/headers/x" elsewhere. */
  pointer: string;
  detail: string;
}

type Extensions = Record<string, string | number | readonly string[] | null>;

export interface ProblemOptions {
  /** For the person who gets the answer. Never put values in it that they did not send themselves. */
  detail?: string;
  /** For the log only. */
  cause?: unknown;
  /** For the line that tells of the request in the log: what the sender is not told. Never a secret. */
  logged?: Identifiers;
  headers?: Record<string, string>;
  errors?: FieldError[];
  /** Members that another standard wants in the answer (RFC 9457, section 3.2), such as `error` of OAuth. */
  extensions?: Extensions;
}

/** What a request is refused with, by its code in the catalogue. Rendered in one place as problem+json. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: ProblemCode;
  readonly detail: string | undefined;
  readonly logged: Identifiers | undefined;
  readonly headers: Record<string, string>;
  readonly errors: FieldError[] | undefined;
  readonly extensions: Extensions | undefined;

  constructor(problem: ProblemCode, { detail, cause, logged, headers = {}, errors, extensions }: ProblemOptions = {}) {
    super(detail ?? problems[problem].title, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.detail = detail;
    this.logged = logged;
    this.headers = headers;
    this.errors = errors;
    this.extensions = extensions;
  }

  get status(): number {
    return problems[this.problem].status;
  }
}
