import t from 'tap';
import { cleanText } from '../../src/knowledge/reading/clean-text.ts';
import { loadReader } from '../../src/knowledge/reading/read-bytes.ts';
import { readHtml } from '../../src/knowledge/reading/read-html.ts';
import { readMarkdown } from '../../src/knowledge/reading/read-markdown.ts';
import { UnreadableDocument } from '../../src/knowledge/reading/reading.ts';
import { splitSection } from '../../src/knowledge/reading/split-section.ts';
import { titleWords } from '../../src/knowledge/title-words.ts';
import { growthOf } from '../support/growth.ts';
import { libraryOf } from '../support/library.ts';
import { makePdf } from '../support/pdf.ts';
import { createStack } from '../support/stack.ts';

void t.test('what people see in a document is read, in sections that can be opened, and nothing else', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  await stack.worker();
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);

  await t.test('Markdown by its headings', async (t) => {
    const source = [
      '---\ntitle: nobody sees this\n---',
      'Before any heading.',
      '# The *shop*',
      'Open daily. <!-- hidden -->',
      '## [Prices](https://a.example)\n\n```\n# no heading\n```',
      'Underlined\n==========',
      'At the end.',
    ].join('\n\n');
    const document = await library.read('shop.md', source);
    t.match(document, {
      name: 'shop.md',
      status: 'ready',
      mediaType: 'text/markdown',
      bytes: source.length,
      chunks: 4,
    });
    t.strictSame(document.sections, [
      { page: null, heading: [], text: 'Before any heading.' },
      { page: null, heading: ['The shop'], text: 'Open daily.' },
      { page: null, heading: ['The shop', 'Prices'], text: '```\n# no heading\n```' },
      { page: null, heading: ['Underlined'], text: 'At the end.' },
    ]);
  });

  await t.test('HTML without scripts, menus and what is hidden', async (t) => {
    const source = `<!doctype html><title>x</title><style>p{}</style><nav>Menu</nav><script>alert("1")</script>
      <p>Caf&eacute; &amp; Bar &lt;b&gt;</p><p hidden>secret</p><p style="display: none">secret</p>
      <p style="display:/**/none">secret</p><p style="d\\69splay:none">secret</p><p style="visibility:collapse">secret</p>
      <p style="font-size:.0px">secret</p><p style="position:absolute;left:-9999px">secret</p>
      <p style="opacity:0.5;left:-12px">Seen</p>
      <div aria-hidden="true">secret <p>secret</div><h2>Hours</h2><ul><li>Monday<li>Tuesday</ul>
      <table><tr><td>Tea<td>2 €</table><noscript>secret</noscript>`;
    const { sections } = await library.read('page', source, { type: 'text/html; charset=utf-8' });
    t.strictSame(sections, [
      { page: null, heading: [], text: 'Café & Bar <b>\n\nSeen' },
      { page: null, heading: ['Hours'], text: '- Monday\n- Tuesday\n\n| Tea | 2 €' },
    ]);
  });

  await t.test('PDF by its pages, with parted words made whole', async (t) => {
    const pdf = makePdf([
      ['Unsere Öffnungs-', 'zeiten sind einfach.', 'Ein- und', 'Ausgang im Hof.'],
      ['(Second) page'],
    ]);
    const { sections } = await library.read('hours.pdf', pdf, { type: 'application/pdf' });
    t.strictSame(sections, [
      { page: 1, heading: [], text: 'Unsere Öffnungszeiten sind einfach. Ein- und Ausgang im Hof.' },
      { page: 2, heading: [], text: '(Second) page' },
    ]);
  });

  await t.test('31: text in any encoding it may have is stored plain, without what nobody sees', async (t) => {
    const seen = 'Grüße, 世界 👩‍🍳';
    const hidden = String.fromCodePoint(0xe0049, 0x202e, 0x200b, 0x7, 0xad);
    const bigEndian = Buffer.from(`\ufeff${seen}`, 'utf16le').swap16();
    for (const bytes of [Buffer.from(`\ufeff${seen}`), Buffer.from(`\ufeff${seen}`, 'utf16le'), bigEndian]) {
      t.match((await library.read('a.txt', bytes, { type: 'text/plain' })).sections, [{ text: seen }]);
    }
    const { sections } = await library.read('b.txt', `Ignore${hidden} me\r\n\r\n\r\n\r\nend`, { type: 'text/plain' });
    t.strictSame(sections, [{ page: null, heading: [], text: 'Ignore me\n\nend' }]);
  });

  await t.test('long text is cut between sentences, and every place is where it says', async (t) => {
    const sentence = (number: number) => `Sentence ${number} tells of the ${number}th thing that matters here.`;
    const text = Array.from({ length: 100 }, (_, index) => sentence(index)).join(' ');
    const { id, sections, chunks } = await library.read('long.txt', text, { type: 'text/plain' });
    const rows = await stack.database.sql<{ text: string; starts_at: number; ends_at: number }[]>`
      select text, starts_at, ends_at from app.document_chunks where document_id = ${id} order by starts_at`;
    t.equal(rows.length, chunks);
    t.ok(chunks > 4 && chunks < 10, `${chunks} chunks`);
    let covered = 0;
    for (const row of rows) {
      t.equal(row.text, sections[0]?.text.slice(row.starts_at, row.ends_at));
      t.match(row.text, /^Sentence .*here\.$/);
      t.ok(row.text.length <= 1_400);
      t.ok(row.starts_at <= covered + 1, 'nothing is left out');
      covered = row.ends_at;
    }
    t.equal(covered, text.length);
  });
});

void t.test('blanks take no more time than other characters', async (t) => {
  const blanks = (size: number) => `a${' '.repeat(size)}b`;
  t.ok(growthOf((size) => cleanText(blanks(size)), 4_000) < 8, 'in text');
  t.ok(growthOf((size) => readHtml(`<pre>${blanks(size)}</pre>`), 4_000) < 8, 'in HTML');
  t.ok(growthOf((size) => readHtml(`<p style="opacity:${'0'.repeat(size)}1">`), 4_000) < 8, 'naughts in a style');
  t.ok(growthOf((size) => readMarkdown(`#${blanks(size)}\u2028`), 4_000) < 8, 'in a heading');
});

void t.test('however a text is made, its passages are not much more than the text', async (t) => {
  const long = `${'b'.repeat(998)}. `;
  const texts = {
    'short sentences before a long one': ('a! '.repeat(53) + long).repeat(100),
    'short sentences': 'a! '.repeat(20_000),
    'long sentences': long.repeat(100),
    'paragraphs of one word': 'word\n\n'.repeat(10_000),
    'one word': 'x'.repeat(100_000),
  };
  for (const [name, text] of Object.entries(texts)) {
    const passages = splitSection(text);
    t.ok(passages.length <= text.length / 500 + 1, `${name}: ${passages.length}`);
    const characters = passages.reduce((sum, { start, end }) => sum + end - start, 0);
    t.ok(characters < text.length * 1.4, `${name}: ${characters} of ${text.length} characters`);
    t.equal(passages.at(-1)?.end, text.trimEnd().length, `${name}: to its end`);
  }
});

void t.test('a document has so many passages, and each so much of its headings, and no more', async (t) => {
  const scattered = `${'# Heading\n\nA word.\n\n'.repeat(1_999)}# Rest\n\n${`${'b'.repeat(998)}! a! `.repeat(1_800)}`;
  const read = await loadReader('text/markdown');
  const reading = read(new TextEncoder().encode(scattered));
  await t.rejects(reading, new UnreadableDocument('too-long'));

  t.equal(titleWords('price-list_2026.pdf', ['Prices', 'Coffee']), 'price list 2026 Prices Coffee');
  const headings = Array.from({ length: 6 }, (_, level) => `${level} ${'x'.repeat(150)}`);
  const words = titleWords('a.md', headings);
  t.ok(words.length < 500);
  t.match(words, /^a 4 x+ 5 x+$/, 'the nearest ones');
});
