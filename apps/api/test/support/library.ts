import type { KnowledgeDocument, UploadAnswer } from '@alva/validation';
import type { Person, Reply } from './person.ts';

/** Somebody's documents, as they upload and read them. */
export function libraryOf(person: Person, url: string) {
  async function upload(
    name: string,
    content: string | Buffer,
    { type = 'text/markdown', headers = {} }: { type?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply<UploadAnswer & Record<string, unknown>>> {
    const response = await fetch(`${url}/knowledge/documents?${new URLSearchParams({ name }).toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': type, ...headers },
      body: typeof content === 'string' ? content : new Uint8Array(content),
    });
    const body = (await response.json()) as UploadAnswer & Record<string, unknown>;
    return { status: response.status, headers: response.headers, body };
  }

  async function document(id: string): Promise<KnowledgeDocument> {
    return (await person.send<KnowledgeDocument>('GET', `/knowledge/documents/${id}`)).body;
  }

  return {
    upload,
    document,
    /** Uploads it and waits until it was read, or could not be. */
    async read(...what: Parameters<typeof upload>): Promise<KnowledgeDocument> {
      const { status, body } = await upload(...what);
      if (status !== 202) throw new Error(`uploading: ${status} ${JSON.stringify(body)}`);
      await person.watchToEnd(body.jobId);
      return document(body.documentId);
    },
    /** Names of the documents and what was found in them, best first. */
    async search(question: string) {
      const query = new URLSearchParams({ q: question }).toString();
      const { body } = await person.send<{ items: Found[] }>('GET', `/knowledge/search?${query}`);
      return body.items;
    },
  };
}

export interface Found {
  readonly documentId: string;
  readonly chunkId: string;
  readonly title: string;
  readonly excerpt: { readonly text: string; readonly marks: { readonly start: number; readonly end: number }[] };
  readonly place: { section: number; start: number; end: number; page: number | null; heading: string[] };
}
