/** One mail, ready to be sent. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What the mail is about, once more by itself, for the inbox of development. */
  readonly link: string | null;
  readonly code: string | null;
}

/** The way out. Whichever is configured, the rest of the service knows only this. */
export interface MailTransport {
  /** The same id again is the same mail again: a transport that can tell sends it once. */
  send(id: string, mail: Mail): Promise<void>;
  close(): void;
}

/** The provider will never take this mail, however often it is offered. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}
