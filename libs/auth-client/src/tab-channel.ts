import type { TokenAnswer } from '@alva/validation';
import { isTokenAnswer } from './auth-service.ts';

/** What one tab tells the others. They share the cookie, so what is true of the session in one is true in all. */
export type TabMessage =
  | { type: 'tokens'; tokens: TokenAnswer }
  /** There is no session any more; `byPerson` when somebody pressed the button. */
  | { type: 'signed-out'; byPerson: boolean }
  /** A refresh got no answer. Of interest only to those who were waiting for it. */
  | { type: 'no-answer' };

export interface TabChannel {
  post(message: TabMessage): void;
  close(): void;
}

export type MessageChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

/** Only pages of the same origin can listen or talk (HTML standard, section 9.5). */
export function openTabChannel(channel: MessageChannel, listener: (message: TabMessage) => void): TabChannel {
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isTabMessage(data)) listener(data);
  });
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

/** Another tab may run an older or newer version of this page. */
function isTabMessage(data: unknown): data is TabMessage {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  if (data.type === 'tokens') return 'tokens' in data && isTokenAnswer(data.tokens);
  if (data.type === 'signed-out') return 'byPerson' in data && typeof data.byPerson === 'boolean';
  return data.type === 'no-answer';
}
