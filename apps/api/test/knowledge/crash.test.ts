import { once } from 'node:events';
import { libraryOf } from '../support/library.ts';
import { nextEvent } from '../support/settle.ts';
import { onEachStore } from '../support/stack.ts';

onEachStore('32: a document whose worker is killed while it reads is read by the next one, once', async (t, stack) => {
  const api = await stack.api();
  const killed = await stack.workerProcess();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  const book = Array.from({ length: 6_000 }, (_, index) => `This is sentence ${index}.`).join(' ');
  const { body } = await library.upload('book.txt', book, { type: 'text/plain' });
  await stack.database.sql.begin(async (transaction) => {
    // However fast it reads, it cannot have done before this is let go.
    await transaction`select from app.documents for update`;
    await nextEvent(person.watch(body.jobId), ({ event }) => event === 'step');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
  });
  t.match(await library.document(body.documentId), { status: 'reading', chunks: 0, sections: [] });

  await stack.worker({}, { timing: { silentAfter: 500 } });
  await person.watchToEnd(body.jobId);
  t.match(await person.job(body.jobId), { state: 'succeeded', attempt: 2 });
  const { status, chunks, sections } = await library.document(body.documentId);
  t.equal(status, 'ready');
  t.equal(sections.length, 1);
  t.equal(sections[0]?.text, book);
  const [stored] = await stack.database.sql<{ count: number; last: number }[]>`
    select count(*)::int, max(ends_at) as last from app.document_chunks`;
  t.same(stored, { count: chunks, last: book.length });
});
