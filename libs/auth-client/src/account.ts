import type {
  Account,
  ChangeEmailAnswer,
  DataExport,
  EmailChangeProgress,
  ExportedAccount,
  Person,
  SessionList,
} from '@alva/validation';
import { ServiceProblem } from '@alva/validation';
import type { AuthService } from './auth-service.ts';

type AskAs = (path: string, init?: RequestInit) => Promise<Response>;

export interface AccountOptions {
  /** `fetch` with the access token, for paths of auth. Rejects with `ServiceProblem`. */
  ask: AskAs;
  auth: Pick<AuthService, 'confirmEmail' | 'restoreEmail' | 'keepAccount'>;
  /** Has the session learn what changed about its person. */
  renew: () => Promise<void>;
}

/** What a person does with their account and their sessions. All reject like `AuthSession.sendMagicLink`. */
export function createAccount({ ask, auth, renew }: AccountOptions) {
  const send = (method: string, path: string, body?: unknown) =>
    ask(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const read = async <Answer>(response: Promise<Response>) => (await (await response).json()) as Answer;

  return {
    get: () => read<Account>(ask('/auth/me')),

    rename: async (name: string | null): Promise<Person> => {
      const person = await read<Person>(send('PATCH', '/auth/me', { name }));
      await renew();
      return person;
    },

    /** Mails both addresses. 403 `step-up-required`. */
    changeEmail: (email: string) => read<ChangeEmailAnswer>(send('POST', '/auth/me/email', { email })),
    withdrawEmailChange: async (): Promise<void> => {
      await send('DELETE', '/auth/me/email');
    },

    /** Those that are open, newest first. */
    listSessions: ({ cursor }: { cursor?: string } = {}) =>
      read<SessionList>(ask(cursor === undefined ? '/auth/sessions' : `/auth/sessions?cursor=${cursor}`)),
    endSession: async (id: string): Promise<void> => {
      await send('DELETE', `/auth/sessions/${id}`);
    },
    endOtherSessions: async (): Promise<void> => {
      await send('DELETE', '/auth/sessions');
    },

    /** The copy of one's data that is made or ready; null when none was asked for of late. */
    findExport: () => read<DataExport>(ask('/auth/me/export')).catch(nullIfNotFound),
    /** 403 `step-up-required`. */
    askForExport: () => read<DataExport>(send('POST', '/auth/me/export')),
    /** Auth's part; 403 `step-up-required`. */
    downloadExport: () => read<ExportedAccount>(ask('/auth/me/export/download')),

    /** Signs out everywhere; resolves with when the account goes. 403 `step-up-required`. */
    remove: async (email: string): Promise<string> =>
      (await read<{ deletionDueAt: string }>(send('DELETE', '/auth/me', { email }))).deletionDueAt,
    keep: async (): Promise<void> => {
      await send('POST', '/auth/me/keep');
      await renew();
    },

    /** What mailed links do; no session is needed. 401 `link-…`, 409 `conflict`. */
    confirmEmail: (token: string): Promise<EmailChangeProgress> => auth.confirmEmail(token),
    restoreEmail: async (token: string): Promise<void> => {
      await auth.restoreEmail(token);
    },
    keepByLink: async (token: string): Promise<void> => {
      await auth.keepAccount(token);
    },
  };
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof ServiceProblem && error.code === 'not-found') return null;
  throw error;
}
