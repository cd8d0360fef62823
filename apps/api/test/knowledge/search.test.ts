import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ProblemError } from '@alva/service-kit';
import t from 'tap';
import { excerptOf, markBegin, markEnd, marksOf } from '../../src/knowledge/marks.ts';
import { createPassagesService } from '../../src/knowledge/passages.service.ts';
import { createPassagesStore } from '../../src/knowledge/passages.store.ts';
import { growthOf } from '../support/growth.ts';
import { libraryOf } from '../support/library.ts';
import { makePdf } from '../support/pdf.ts';
import { questions, shelf } from '../support/shelf.ts';
import { createStack } from '../support/stack.ts';

void t.test('what people look for is found, in German and English, in words and in sentences', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const worker = await stack.worker();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  for (const [name, text] of Object.entries(shelf)) await library.read(name, text);

  await t.test('the document that has the answer comes first', async (t) => {
    for (const [question, expected] of questions) {
      const found = (await library.search(question)).map(({ title }) => title);
      t.equal(found[0], expected, `${question} → ${found.join(', ')}`);
    }
  });

  await t.test('an excerpt shows the words that were found, as data', async (t) => {
    const [best] = await library.search('Mieten');
    const { text = '', marks = [] } = best?.excerpt ?? {};
    t.match(text, /^Die monatliche Miete beträgt/);
    t.ok(marks.length > 0);
    for (const { start, end } of marks) t.match(text.slice(start, end), /^(?:Miete|Monatsmieten)$/);
    t.same(best?.place, { section: 0, start: 0, end: text.length, page: null, heading: ['Mietvertrag'] });
    await library.read('tags.txt', `A <b>bold</b> &amp; https://a.example/path/bold claim. ${'filler '.repeat(120)}`, {
      type: 'text/plain',
    });
    const [tags] = await library.search('bold claim');
    t.ok((tags?.excerpt.marks.length ?? 0) >= 2);
    for (const { start, end } of tags?.excerpt.marks ?? []) {
      t.match(tags?.excerpt.text.slice(start, end), /^(?:bold|claim)$/);
    }
  });

  await t.test('whatever is asked, the answer is a list', async (t) => {
    for (const question of [
      "'",
      '"',
      '\\',
      'a:*',
      '!!',
      '& | !',
      '(',
      'the of and',
      '<->',
      '💥',
      '-',
      "o'brien's \\ ''",
      '%',
    ]) {
      const query = new URLSearchParams({ q: question }).toString();
      const { status, body } = await person.send('GET', `/knowledge/search?${query}`);
      t.match({ status, body }, { status: 200, body: { items: Array } }, question);
    }
    t.strictSame(await library.search('helicopter'), []);
    t.match(await person.send('GET', '/knowledge/search?q='), { status: 422 });
    t.match(await person.send('GET', '/knowledge/search?q=a%00b'), { status: 422 });
    t.match(await person.send('GET', `/knowledge/search?q=${'long '.repeat(101)}`), { status: 422 });
  });

  await t.test('29: passages for an answer are numbered, have their place, and are of one person alone', async (t) => {
    const other = libraryOf(await stack.person(api), api.url);
    await other.read('mine.pdf', makePdf([['Nothing here.'], ['Our espresso machine needs descaling.']]), {
      type: 'application/pdf',
    });
    const passages = createPassagesService(createPassagesStore(worker.resources.database));
    const [first, ...rest] = await passages.passagesFor(person.sub, 'espresso machine costs', { most: 3 });
    t.match(first, { number: 1, title: 'price-list_2026.md', text: /^Espresso costs/, excerpt: /Espresso/ });
    t.match(first?.place, { section: 0, start: 0, page: null, heading: ['Prices', 'Coffee'] });
    t.ok(rest.length <= 2 && rest.every(({ title }) => title !== 'mine.pdf'));
    const [theirs, ...none] = await other.search('espresso machine costs');
    t.match(theirs, { title: 'mine.pdf', place: { page: 2, heading: [] } });
    t.strictSame(none, []);
  });
});

void t.test('a search takes little, whatever it is for, and no more of the database than its time', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const { resources } = await stack.worker();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  const words = Array.from(
    { length: 80 },
    (_, index) => `q${String.fromCharCode(97 + (index % 26), 97 + index / 26)}x`,
  );
  const { id } = await library.read('words.txt', words.join(' '), { type: 'text/plain' });
  await stack.database.sql`
    insert into app.document_chunks (id, document_id, user_id, section, starts_at, ends_at, language, title, text)
    select gen_random_uuid(), document_id, user_id, section, starts_at, ends_at, language, title, text
    from app.document_chunks, generate_series(1, 1500) where document_id = ${id}`;
  const { database } = resources;

  await t.test('many words do not take many times as long as few', async (t) => {
    // With all the time they want: it is compared.
    const patient = createPassagesStore({
      transaction: (work) =>
        database.transaction((run) => work((text, given) => run(text.replace(/= 500$/, '= 2400'), given))),
    });
    const find = async (count: number) => {
      const begin = performance.now();
      const found = await patient.find(person.sub, words.slice(0, count).join(' '), 10);
      t.equal(found.length, 10);
      return performance.now() - begin;
    };
    const [few, many]: number[][] = [[], []];
    for (let run = 0; run < 5; run++) {
      few?.push(await find(10));
      many?.push(await find(80));
    }
    const [least, most] = [Math.min(...(few ?? [])), Math.min(...(many ?? []))];
    t.ok(most < least * 4, `${Math.round(least)} and ${Math.round(most)} ms`);
  });

  await t.test('one that takes too long is given up: somebody asks again, an answer is written without', async (t) => {
    const passages = createPassagesService(createPassagesStore(database));
    await stack.database.sql.begin(async (sql) => {
      await sql`lock table app.document_chunks in access exclusive mode`;
      t.strictSame(await passages.passagesFor(person.sub, words[0] ?? '', { most: 3 }), []);
      t.match(await person.send('GET', '/knowledge/search?q=word'), {
        status: 503,
        body: { code: 'service-unavailable' },
      });
    });
    t.equal((await passages.passagesFor(person.sub, words[0] ?? '', { most: 3 })).length, 3);
  });
});

void t.test('everybody has one search at a time, and not many waiting', async (t) => {
  const begun: { userId: string; end: () => void }[] = [];
  const passages = createPassagesService({
    find: (userId) => new Promise((resolve) => begun.push({ userId, end: () => resolve([]) })),
  });
  const [one, other] = [randomUUID(), randomUUID()];
  const first = Array.from({ length: 11 }, () => passages.search(one, 'words', 10));
  const further = passages.search(other, 'words', 10);
  await t.rejects(
    passages.search(one, 'words', 10),
    new ProblemError('rate-limited', { logged: { limit: 'searches at once' } }),
  );
  t.strictSame(
    begun.map(({ userId }) => userId),
    [one, other],
  );
  for (let count = 0; count < 12; count++) {
    await setImmediate();
    begun[count]?.end();
  }
  t.strictSame(await Promise.all([...first, further]), Array(12).fill([]));
  t.equal(begun.length, 12);
});

void t.test('an excerpt is where most marks are, and found in time that grows with their number', async (t) => {
  const filler = 'filler '.repeat(60);
  const text = `word ${filler}word ${filler}word, word and word ${filler}word`;
  const marks = [...text.matchAll(/word/g)].map(({ index }) => ({ start: index, end: index + 4 }));
  const excerpt = excerptOf(text, marks);
  t.match(excerpt.text, /filler word, word and word filler/);
  t.strictSame(
    excerpt.marks.map(({ start, end }) => excerpt.text.slice(start, end)),
    ['word', 'word', 'word'],
  );

  const letters = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ start: 2 * index, end: 2 * index + 1 }));
  const growth = growthOf((count) => excerptOf('a '.repeat(count), letters(count)), 1_000);
  t.ok(growth < 8, `${growth}`);
  t.equal(marksOf(`${markBegin}a${markEnd} `.repeat(700), 'a '.repeat(700)).length, 100);
});
