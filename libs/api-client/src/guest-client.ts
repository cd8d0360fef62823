import { createConversationCalls } from './chat-calls.ts';
import type { PostChatSessionsData, PostChatSessionsResponse } from './generated/api/types.gen.ts';
import { createJobCalls } from './job-calls.ts';
import { createRequest, createSend, type Call, type Fetch } from './request.ts';
import { connectionOf, type ConnectionOptions } from './connection.ts';

export type GuestClient = ReturnType<typeof createGuestClient>;

/**
 * Begins a conversation without an account. Keep the `guestToken`: nothing else leads back to it. `fetch` must add no access
 * token: it is the browser’s own.
 */
export async function startChatAsGuest(
  { apiUrl, fetch }: Pick<ConnectionOptions, 'apiUrl' | 'fetch'>,
  body: Pick<Call<PostChatSessionsData>['body'], 'tone' | 'title'>,
): Promise<{ sessionId: string; guestToken: string }> {
  const request = createRequest(createSend({ baseUrl: apiUrl, fetch }));
  const answer = await request<PostChatSessionsData, PostChatSessionsResponse>('POST', '/chat/sessions', { body });
  const { sessionId, guestToken } = answer;
  if (guestToken === undefined) throw new TypeError('The request was signed in: there is no guest');
  return { sessionId, guestToken };
}

/** What a guest can do: the one conversation, its jobs and what they cost. */
export function createGuestClient({ guestToken, ...options }: ConnectionOptions & { guestToken: string }) {
  const connection = connectionOf({ ...options, fetch: withGuestToken(options.fetch, guestToken) });
  const send = createSend(connection);
  return { ...createConversationCalls(send), ...createJobCalls(send, connection) };
}

function withGuestToken(fetch: Fetch, guestToken: string): Fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-guest-token', guestToken);
    return fetch(input, { ...init, headers });
  };
}
