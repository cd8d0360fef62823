import t from 'tap';
import { converse } from '../support/conversation.ts';
import { libraryOf } from '../support/library.ts';
import { makePdf } from '../support/pdf.ts';
import { createStack, onEachStore } from '../support/stack.ts';

const pdf = { type: 'application/pdf' };
const plain = { type: 'text/plain' };

onEachStore('a document is uploaded, watched, listed, opened, saved and deleted', async (t, stack) => {
  const api = await stack.api();
  await stack.worker();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  const file = makePdf([['Hello from a page']]);

  const accepted = await library.upload('Grüße (1)\'s "file".pdf', file, pdf);
  const { documentId, jobId } = accepted.body;
  t.match(accepted, { status: 202, body: { documentId: String, jobId: String } });
  t.equal(accepted.headers.get('location'), `/jobs/${jobId}`);
  const events = await person.watchToEnd(jobId);
  t.match(events.at(-2), { event: 'result', data: { documentId } });
  t.match(await person.job(jobId), { type: 'document.read', state: 'succeeded' });

  const overview = {
    id: documentId,
    jobId,
    name: 'Grüße (1)\'s "file".pdf',
    mediaType: 'application/pdf',
    bytes: file.length,
    status: 'ready',
    chunks: 1,
    createdAt: String,
  };
  t.match(await library.document(documentId), { ...overview, sections: [{ page: 1, text: 'Hello from a page' }] });
  const { body: page } = await person.send<{ items: object[] }>('GET', '/knowledge/documents');
  t.match(page, { items: [overview], nextCursor: null });
  t.notOk('sections' in (page.items[0] ?? {}), 'lists are without the text');

  const saved = await fetch(`${api.url}/knowledge/documents/${documentId}/original`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  t.equal(Buffer.compare(Buffer.from(await saved.arrayBuffer()), file), 0);
  t.match(Object.fromEntries(saved.headers), {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="document"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%281%29%27s%20%22file%22.pdf`,
    'content-security-policy': /sandbox/,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });

  t.equal((await person.send('DELETE', `/knowledge/documents/${documentId}`)).status, 204);
  t.equal((await person.send('DELETE', `/knowledge/documents/${documentId}`)).status, 404);
  t.strictSame(await library.search('hello page'), []);
  for (const table of ['documents', 'document_originals', 'document_sections', 'document_chunks']) {
    t.strictSame([...(await stack.database.sql.unsafe(`select from app.${table}`))], [], table);
  }
});

void t.test('twenty uploads of one person do not hold up the answer to another', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const library = libraryOf(await stack.person(api), api.url);
  for (let index = 0; index < 20; index++) await library.upload(`${index}.txt`, `text ${index}`, plain);
  const states = async () =>
    (await stack.database.sql`select state, attempt from app.jobs where type = 'document.read' order by id`).map(
      ({ state, attempt }) => `${state} ${attempt}`,
    );
  await stack.database.sql.begin(async (transaction) => {
    // No reading can end while these are held.
    await transaction`select from app.documents for update`;
    await stack.worker();
    const conversation = await converse(await stack.person(api));
    t.match(await conversation.answered('Where do I start?'), { status: 'ready' });
    while ((await states()).filter((state) => state === 'running 1').length < 2);
    t.equal((await states()).filter((state) => state === 'queued 0').length, 18, 'two are read at a time');
  });
  while ((await states()).filter((state) => state === 'succeeded 1').length < 4);
});

void t.test('what is no document of its type, or too large, is refused and leaves nothing', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ KNOWLEDGE_FILE_LIMIT: '1' });
  const person = await stack.person(api);
  const { upload } = libraryOf(person, api.url);
  const wrong = (detail: RegExp) => ({ status: 422, body: { errors: [{ pointer: '#', detail }] } });

  t.match(await upload('a.pdf', 'no PDF at all', pdf), wrong(/is not a PDF/));
  t.match(
    await upload('a.txt', Buffer.from([0x47, 0xfc, 0xdf, 0x65]), plain),
    wrong(/is not text in UTF-8/),
    'Latin 1',
  );
  t.match(await upload('a.md', Buffer.from('PK\u0003\u0004\u0000\u0000')), wrong(/is not text/), 'NUL bytes');
  t.match(
    await upload('a.txt', Buffer.from([0xff, 0xfe, 0x00, 0xd8]), plain),
    wrong(/is not text/),
    'half a character',
  );
  t.match(await upload('a.txt', '', plain), wrong(/is missing|is empty/));
  t.match(await upload('', 'x'), { status: 422, body: { errors: [{ pointer: '#/query/name' }] } });
  t.match(await upload('a\u0000b', 'x'), { status: 422 });
  for (const hidden of ['\u{e0049}', '\u202e', '\u200b', '\ue000']) {
    const name = { status: 422, body: { errors: [{ pointer: '#/query/name' }] } };
    t.match(await upload(hidden, 'x'), name, `nothing but U+${hidden.codePointAt(0)?.toString(16) ?? ''}`);
    if (hidden !== '\ue000') t.match(await upload(`a${hidden}b`, 'x'), name);
  }
  t.match(await upload('a.txt', 'x'.repeat(2 ** 20 + 1), plain), { status: 413, body: { code: 'body-too-large' } });
  for (const type of ['application/json', 'image/png', 'application/x-www-form-urlencoded', 'nonsense']) {
    const reply = await upload('a', '{}', { type });
    t.match(reply, { status: 415, body: { code: 'unsupported-media-type' } }, type);
  }
  t.match(await upload('a', 'x', { headers: { 'content-encoding': 'gzip' } }), { status: 415 });
  const path = '/knowledge/documents?name=a&userId=x';
  t.match(await person.send('POST', path, 'x', { 'content-type': 'text/plain' }), { status: 422 });
  for (const table of ['jobs', 'documents'])
    t.equal((await stack.database.sql.unsafe(`select from app.${table}`)).length, 0);
  t.equal((await fetch(`${api.url}/healthz`)).status, 200);
});

void t.test('the same file is one document, also in parallel; a failed one is tried anew in its place', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) => library.upload(`${index}.txt`, 'the same words', plain)),
  );
  const [first] = replies;
  for (const { status, body } of replies) t.match({ status, body }, { status: 202, body: first?.body });
  t.equal((await stack.database.sql`select from app.jobs`).length, 1, 'read once');
  const other = await library.upload('a\ue000 \u2003 👩‍🍳.md', 'the same words');
  t.not(other.body.documentId, first?.body.documentId, 'in another type');
  t.match(await library.document(other.body.documentId), { name: 'a 👩‍🍳.md' }, 'a name is what can be seen of it');
  const neighbour = libraryOf(await stack.person(api), api.url);
  t.not((await neighbour.upload('a.txt', 'the same words', plain)).body.documentId, first?.body.documentId);

  const key = { headers: { 'idempotency-key': 'one-document' } };
  const named = await library.upload('b.txt', 'words', { ...plain, ...key });
  t.match(await library.upload('b.txt', 'words', { ...plain, ...key }), { status: 202, body: named.body });
  t.match(await library.upload('b.txt', 'others', { ...plain, ...key }), {
    status: 409,
    body: { code: 'idempotency-key-reused' },
  });

  await person.send('DELETE', `/jobs/${first?.body.jobId ?? ''}`);
  t.match(await library.document(first?.body.documentId ?? ''), { status: 'failed', error: { code: 'cancelled' } });
  const again = await library.upload('again.txt', 'the same words', plain);
  t.not(again.body.documentId, first?.body.documentId);
  t.equal((await person.send('GET', `/knowledge/documents/${first?.body.documentId ?? ''}`)).status, 404);
  await stack.worker();
  await person.watchToEnd(again.body.jobId);
  t.match(await library.document(again.body.documentId), { status: 'ready', name: 'again.txt' });
});

void t.test('nobody keeps more than there is room for, however many uploads race', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ KNOWLEDGE_DOCUMENTS: '3', KNOWLEDGE_SPACE: '1' });
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, index) => library.upload(`${index}`, `text ${index}`)),
  );
  t.strictSame(replies.map(({ status }) => status).toSorted(), [202, 202, 202, 409, 409, 409, 409, 409]);
  t.match(replies.find(({ status }) => status === 409)?.body, {
    code: 'knowledge-full',
    detail: 'You can keep 3 documents of 1 MiB together, their texts included. Delete one first.',
  });
  t.equal((await stack.database.sql`select from app.jobs`).length, 3, 'what was refused began nothing');

  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/knowledge/documents?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { body } = await person.send<{ items: { id: string }[]; nextCursor: string | null }>('GET', path);
    pages.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  t.equal(new Set(pages).size, 3);
  t.strictSame(pages, pages.toSorted().toReversed(), 'newest first');
  for (const id of pages) await person.send('DELETE', `/knowledge/documents/${id}`);
  t.equal((await library.upload('large', 'x'.repeat(2 ** 20 - 10))).status, 202);
  const noRoom = { status: 409, body: { code: 'knowledge-full' } };
  t.match(await library.upload('small', 'y'.repeat(11)), noRoom);

  const [{ id: large } = { id: '' }] = (await person.send<{ items: { id: string }[] }>('GET', '/knowledge/documents'))
    .body.items;
  await person.send('DELETE', `/knowledge/documents/${large}`);
  await stack.worker();
  t.match(await library.read('book', 'A sentence of a book. '.repeat(27_000)), { status: 'ready' });
  t.match(await library.upload('small', 'y'), noRoom, 'what is found by many passages takes more than its file');
});
