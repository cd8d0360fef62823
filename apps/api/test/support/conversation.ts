import type { ChatMessage, ChatSession, QuestionAnswer, StartChatAnswer, StartChatBody } from '@alva/validation';
import { createClient, type Client, type Reply } from './person.ts';

type Asked = Reply<QuestionAnswer & Record<string, unknown>>;

/** What somebody does within one conversation of theirs. */
export function conversationOf(client: Client, sessionId: string) {
  const path = `/chat/sessions/${sessionId}`;
  const ask = (content: string, headers?: Record<string, string>): Promise<Asked> =>
    client.send('POST', `${path}/messages`, { content }, headers);

  async function read(query = ''): Promise<ChatSession> {
    return (await client.send<ChatSession>('GET', path + query)).body;
  }

  return {
    sessionId,
    path,
    ask,
    rephrase: (messageId: string, content: string): Promise<Asked> =>
      client.send('PUT', `${path}/messages/${messageId}`, { content }),
    regenerate: (messageId: string): Promise<Asked> => client.send('POST', `${path}/messages/${messageId}/regenerate`),
    read,
    /** Asks, and waits until the answer is there, or is not going to be. */
    async answered(content: string): Promise<ChatMessage> {
      const { status, body } = await ask(content);
      if (status !== 202) throw new Error(`asking: ${status} ${JSON.stringify(body)}`);
      await client.watchToEnd(body.jobId);
      const answer = (await read()).messages.find(({ id }) => id === body.answerId);
      if (!answer) throw new Error('The answer is gone');
      return answer;
    },
  };
}
export type Conversation = ReturnType<typeof conversationOf>;

export async function converse(person: Client, body: Partial<StartChatBody> = {}): Promise<Conversation> {
  const reply = await person.send<StartChatAnswer>('POST', '/chat/sessions', { tone: 'direct', ...body });
  if (reply.status !== 201) throw new Error(`beginning: ${reply.status} ${JSON.stringify(reply.body)}`);
  return conversationOf(person, reply.body.sessionId);
}

export interface Guest extends Client {
  readonly guestToken: string;
  readonly conversation: Conversation;
}

/** Somebody without an account, and the conversation that they have. */
export async function createGuest(url: string): Promise<Guest> {
  const { body } = await createClient(url, {}).send<StartChatAnswer>('POST', '/chat/sessions', { tone: 'socratic' });
  const { sessionId, guestToken } = body;
  if (guestToken === undefined) throw new Error(JSON.stringify(body));
  const client = createClient(url, { 'x-guest-token': guestToken });
  return { ...client, guestToken, conversation: conversationOf(client, sessionId) };
}
