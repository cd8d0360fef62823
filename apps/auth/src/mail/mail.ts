import { type MailKind } from './kinds.ts';

/** One mail, ready to be sent. */
export interface Mail {
  readonly kind: MailKind;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What the mail is about, once more by itself, for the inbox of development. */
  readonly link: string | null;
  readonly code: string | null;
}

/** Who took a mail, and what they call it. */
export interface MailReceipt {
  readonly transport: string;
  readonly providerId: string | null;
}

/** A way out. Whichever is configured, the rest of the service knows only this. */
export interface MailTransport {
  /** `resend`, or `smtp mail.example.com`: for records, log and metrics. */
  readonly name: string;
  /**
   * The same id again is the same mail again: a transport that can tell sends it once. Ends within seconds whatever the
   * other side does, at once when the signal says so. Throws `MailRefusedError`, `MailUnavailableError`, or anything else
   * when this mail was not taken now but may be later.
   */
  send(id: string, mail: Mail, signal: AbortSignal): Promise<MailReceipt>;
  close(): void;
}

/** The provider will never take this mail, however often it is offered. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}

/** The provider takes no mail of ours at present, whichever it is: down, silent, wrong credentials, quota. */
export class MailUnavailableError extends Error {
  override readonly name = 'MailUnavailableError';
  /** Seconds, where the provider said when to come back. */
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}
