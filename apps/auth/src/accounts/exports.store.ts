import { newIdentifier, type RunStatement } from '@alva/database';
import { type DataExport } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import * as texts from './exports.sql.ts';

export type ExportsStore = ReturnType<typeof createExportsStore>;

export function createExportsStore(run: RunStatement) {
  return {
    /** The export that is under way, begun now if there was none; undefined when there were too many. */
    async ask(
      { userId, sessionId, lifetime }: { userId: string; sessionId: string; lifetime: number },
      { max, windowSeconds }: Limit,
      { address, requestId }: Requester,
    ): Promise<string | undefined> {
      const parameters = [userId, newIdentifier(), lifetime, max, windowSeconds, sessionId, address, requestId];
      const [row] = await run<{ id: string }>(texts.askText, parameters);
      return row?.id;
    },

    /** Seconds until another may be asked for. */
    async findLimit(userId: string): Promise<number> {
      const [row] = await run<{ resetsIn: number }>(texts.limitText, [userId]);
      return row?.resetsIn ?? 1;
    },

    async find(userId: string): Promise<DataExport | undefined> {
      const [row] = await run<{ id: string; ready: boolean; askedAt: string; expiresAt: string }>(texts.findText, [
        userId,
      ]);
      return row && { state: row.ready ? 'ready' : 'queued', askedAt: row.askedAt, expiresAt: row.expiresAt };
    },

    /** Whose export this is; undefined when nobody waits for it. */
    async findOwner(id: string): Promise<{ id: string; email: string } | undefined> {
      const [row] = await run<{ id: string; email: string }>(texts.ownerText, [id]);
      return row;
    },

    /** Everything that is held of a person, as JSON. */
    async collect(userId: string): Promise<string> {
      const [row] = await run<{ data: string }>(texts.collectText, [userId]);
      return row?.data ?? '{}';
    },

    /** False when it is not waited for any more. */
    async finish(id: string, sealed: Buffer): Promise<boolean> {
      return (await run(texts.finishText, [id, sealed])).length > 0;
    },

    async findFinished(userId: string): Promise<{ id: string; sealed: Buffer } | undefined> {
      const [row] = await run<{ id: string; sealed: string }>(texts.finishedText, [userId]);
      return row && { id: row.id, sealed: Buffer.from(row.sealed, 'base64') };
    },

    /** Records that a finished export is handed out, which may be done again until it expires; false when it is gone. */
    async take(id: string, sessionId: string, { address, requestId }: Requester): Promise<boolean> {
      return (await run(texts.takeText, [id, sessionId, address, requestId])).length > 0;
    },

    async discard(id: string): Promise<void> {
      await run(texts.discardText, [id]);
    },
  };
}
