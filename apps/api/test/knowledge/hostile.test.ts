import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { confinement } from '../../src/knowledge/reading/read-document.ts';
import { libraryOf } from '../support/library.ts';
import { makeBombPdf, makeEncryptedPdf, makeEndlessPdf, makePdf, makePictureOnlyPdf } from '../support/pdf.ts';
import { onEachStore } from '../support/stack.ts';

const pdf = { type: 'application/pdf' };
const html = { type: 'text/html' };
const good = makePdf([['A good page']]);

/** Each with the reason that its owner is told. */
const files: readonly (readonly [name: string, content: Buffer | string, options: { type: string }, code: string])[] = [
  ['packed four gibibytes', makeBombPdf(), pdf, 'document-'],
  ['drawings without end', makeEndlessPdf(), pdf, 'document-too-complex'],
  ['a password', makeEncryptedPdf(), pdf, 'document-encrypted'],
  ['pictures only', makePictureOnlyPdf(), pdf, 'document-without-text'],
  ['cut in half', good.subarray(0, good.length / 2), pdf, 'document-damaged'],
  [
    'a mark and garbage',
    Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(50_000, '<< [ (')]),
    pdf,
    'document-damaged',
  ],
  ['two million elements deep', '<div>'.repeat(2_000_000), html, 'document-too-complex'],
  ['a million rows', '<tr><td>1'.repeat(1_000_000), html, 'document-too-'],
  ['nothing but scripts', '<script>document.write("text")</script>', html, 'document-without-text'],
  ['too many words', 'words '.repeat(400_000), { type: 'text/plain' }, 'document-too-long'],
];

onEachStore('a file made to harm fails with a plain reason, and the worker goes on', async (t, stack) => {
  const api = await stack.api();
  const worker = await stack.workerProcess({ KNOWLEDGE_READING_TIME: '2s' });
  const person = await stack.person(api);
  const library = libraryOf(person, api.url);
  for (const [name, content, options, code] of files) {
    const { status, error, sections } = await library.read(name, content, options);
    t.equal(status, 'failed', name);
    t.match(error, { code: new RegExp(`^${code}`), detail: /^[A-Z].*\.$/ }, `${name}: ${error?.detail ?? ''}`);
    t.strictSame(sections, []);
  }
  const [job] = (await person.send<{ items: object[] }>('GET', '/jobs?limit=1')).body.items;
  t.match(job, { state: 'failed', attempt: 1, error: { code: String } }, 'nobody tries again what cannot help');
  t.match(await library.read('good.pdf', good, pdf), { status: 'ready', sections: [{ text: 'A good page' }] });
  const broken = Buffer.from(good.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7'), 'latin1');
  t.match(await library.read('xref.pdf', broken, pdf), { status: 'ready' }, 'what can be mended is mended');
  t.equal(worker.exitCode, null, 'the worker is the one that was started');
  t.equal(worker.signalCode, null);
});

/** What a file could do that makes the reader run code of its own: done before, and while the file is decoded. */
const intruder = `
  import { readFileSync } from 'node:fs';
  import { register } from 'node:module';
  import { Worker } from 'node:worker_threads';
  const outcomeOf = (act) => { try { act(); return 'done'; } catch (error) { return error.code; } };
  const read = (path) => outcomeOf(() => readFileSync(path));
  const [own, neighbour] = [process.argv[1], '${fileURLToPath(import.meta.resolve('pg/package.json'))}'];
  const before = { own: read(own), neighbour: read(neighbour) };
  const { decode } = TextDecoder.prototype;
  TextDecoder.prototype.decode = function (bytes, options) {
    const text = decode.call(this, bytes, options);
    if (text === 'the file') process.send({
      before, own: read(own),
      thread: outcomeOf(() => new Worker('', { eval: true, execArgv: [] })),
      hooks: outcomeOf(() => register('data:text/javascript,')),
    });
    return text;
  };`;

void t.test('who escapes the parser finds no file, no thread without the limits and no other package', async (t) => {
  const program = fileURLToPath(new URL('../../src/knowledge/reading/reader-process.ts', import.meta.url));
  const reader = fork(program, {
    execArgv: [...confinement, `--import=data:text/javascript,${encodeURIComponent(intruder)}`],
    env: {},
    serialization: 'advanced',
  });
  t.teardown(() => reader.kill('SIGKILL'));
  reader.send({ mediaType: 'text/plain', bytes: Buffer.from('the file'), limits: { seconds: 60 } });
  const denied = 'ERR_ACCESS_DENIED';
  t.strictSame((await once(reader, 'message'))[0], {
    before: { own: 'done', neighbour: denied },
    own: denied,
    thread: denied,
    hooks: denied,
  });
});
