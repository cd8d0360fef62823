import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import t from 'tap';
import type { Plan } from '@alva/validation';
import { planMarkdown } from '../../src/plans/export/plan-markdown.ts';
import { finishedPlan, ifMatch } from '../support/finished-plan.ts';
import { profile } from '../support/profile.ts';
import { createStack } from '../support/stack.ts';

const parse = (markdown: string) =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

function* descend(node: Nodes): Generator<Nodes> {
  yield node;
  if ('children' in node) for (const child of node.children) yield* descend(child);
}

const textOf = (node: Nodes): string =>
  'children' in node ? node.children.map(textOf).join('') : 'value' in node ? node.value : '';

/** Addresses become links by themselves, up to the next blank: an escape right behind one is taken for a part of it. */
const bare = (line: string) => (/:\/\/|@/.test(line) ? line.replace(/\P{L}/gu, '') : line);

/** What a reader’s program makes of it: the headings that are ours, and whatever must not be there. */
function outline(markdown: string) {
  const root = parse(markdown);
  const all = [...descend(root)];
  const tasksAt = root.children.findLastIndex((node) => node.type === 'heading' && textOf(node) === 'Tasks');
  return {
    ours: root.children.flatMap((node) => (node.type === 'heading' && node.depth < 3 ? [textOf(node)] : [])),
    strays: all.filter(
      (node) =>
        ['html', 'definition', 'footnoteDefinition'].includes(node.type) || (node.type === 'heading' && node.depth > 4),
    ).length,
    headings: all.filter((node) => node.type === 'heading' && node.depth < 3).length,
    tasks: root.children
      .slice(tasksAt)
      .flatMap((node) =>
        node.type === 'list'
          ? node.children.flatMap(({ checked }) => (typeof checked === 'boolean' ? [checked] : []))
          : [],
      ),
    last: textOf(root.children.at(-1) ?? root),
  };
}

const id = '019a0000-0000-7000-8000-000000000000';
const words = {
  channel: 'email',
  title: 'Words',
  body: 'Some.',
  generator: null,
  jobId: null,
  previous: null,
} as const;
const sample: Plan = {
  id,
  jobId: id,
  title: 'Plan',
  status: 'ready',
  summary: 'In short.',
  generator: { provider: 'openai', model: 'gpt-5-mini', demo: false },
  version: 2,
  createdAt: '2026-11-22T08:00:00.000Z',
  updatedAt: '2026-11-22T23:59:00.000Z',
  sections: [
    { ...words, id, budgetShare: 33 },
    { ...words, id, channel: 'ppc', title: 'Money', budgetShare: 67 },
  ],
  tasks: [
    {
      id,
      planId: id,
      channel: 'blog',
      title: 'Write',
      detail: 'Much.',
      dueDate: '2027-02-28',
      order: 0,
      status: 'open',
      completedAt: null,
      version: 1,
    },
  ],
  metrics: [{ name: 'Visitors', target: '100' }],
  clientProfile: { ...profile, monthlyBudget: { amount: 100.01, currency: 'EUR' } },
};

void t.test('a plan is saved as Markdown, under its own name', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  await stack.worker();
  const person = await stack.person(api);
  const { id: planId, version, tasks } = await finishedPlan(person);
  const title = 'Café “Morgenrot”: 50 % mehr/Gäste';
  await person.send('PATCH', `/plans/${planId}`, { title }, ifMatch(version));
  await person.send('PATCH', `/tasks/${tasks[0]?.id ?? ''}`, { status: 'done' });
  const plan = await person.plan(planId);

  const response = await fetch(`${api.url}/plans/${planId}/export`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  t.equal(response.status, 200);
  t.equal(response.headers.get('content-type'), 'text/markdown; charset=utf-8');
  const day = plan.updatedAt.slice(0, 10);
  t.equal(
    response.headers.get('content-disposition'),
    `attachment; filename="Cafe Morgenrot 50 mehr Gaste ${day}.md"; ` +
      `filename*=UTF-8''Caf%C3%A9%20%E2%80%9CMorgenrot%E2%80%9D%2050%20mehr%20G%C3%A4ste%20${day}.md`,
  );
  const markdown = await response.text();
  const seen = outline(markdown);
  t.same(seen.ours, [title, 'Budget', ...plan.sections.map((section) => section.title), 'Tasks', 'Key figures']);
  t.same(seen.tasks, [true, ...plan.tasks.slice(1).map(() => false)]);
  t.match(seen.last, /^Written by the demo planner, .*no language model was asked\.$/);
  for (const { body } of plan.sections) t.ok(markdown.includes(body.trim()), 'the demo’s own text is as it was');
});

void t.test('money adds up to the last cent, and whoever wrote it is named', async (t) => {
  const markdown = planMarkdown({
    ...sample,
    sections: [
      { ...words, id, budgetShare: 33, generator: { provider: 'demo', model: 'demo planner', demo: true } },
      { ...words, id, channel: 'ppc', title: 'Money', budgetShare: 67 },
    ],
  });
  t.match(markdown, '| E-mail | 33 % | €33 |\n| Search ads | 67 % | €67.01 |\n| Total | 100 % | €100.01 |');
  t.match(markdown, '- [ ] **Write** (Blog), due 28 February 2027\n\n  Much.');
  t.match(markdown, 'For Café Morgenrot, 22 November 2026');
  t.match(markdown, /Written by gpt-5-mini \(openai\)\. “Words” rewritten by the demo planner, which .* asked\.\n$/);
});

void t.test('31: whatever people or models write stays where it is put', async (t) => {
  const hostile = fc.array(
    fc.oneof(
      fc.constantFrom(
        ...['# ', '## Tasks', '#', '===', '---', '--', '-', '- ', '> ', '1. ', '9) ', '* ', '+ ', '    ', '\t', '  '],
        ...['```', '~~~', '`', '~~', '**', '_', '|', '|---|', '\n', '\n', '\n\n', '\r', '\r\n', '\\', '&lt;', '&#60;'],
        ...['<div>', '</div>', '<!--', '-->', '<?', '<!X', '<![CDATA[', '<script>', '<https://a.b>', '<a@b.c>', '< b'],
        ...['[a]: /b', '[a]', '[^1]: note', '[^1]', '[x](y)', '![x](y)', '[', ']', ']:', ':', '- [x] done', 'word'],
        ...['\u2028', '\u0085', '\u000b', '\u000c', '\u0000', '\ufeff', '\u202e', '\ud800', '<pre', '<table\n', '$$'],
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 14 },
  );
  const text = hostile.map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, text, text, (title, body, detail, name) => {
      const one = (line: string) =>
        line
          .replace(/[^\P{Cc}\n\r\t]|\p{Cs}/gu, '')
          .replace(/\s+/g, ' ')
          .trim() || 'x';
      const seen = outline(
        planMarkdown({
          ...sample,
          title: title || 'x',
          summary: body,
          sections: [
            { ...words, id, title: one(name), body, budgetShare: 50 },
            { ...words, id, title: 'After', body: detail, budgetShare: 50 },
          ],
          tasks: sample.tasks.flatMap((task) => [
            { ...task, title: one(title), detail },
            { ...task, status: 'done', title: one(name), detail: body },
          ]),
          metrics: [{ name: one(title), target: one(name) }],
          clientProfile: { ...sample.clientProfile, businessName: one(name) },
        }),
      );
      const expected = [one(title), 'Budget', one(name), 'After', 'Tasks', 'Key figures'];
      return (
        seen.ours.map(one).map(bare).join() === expected.map(bare).join() &&
        seen.headings === expected.length &&
        seen.strays === 0 &&
        seen.tasks.join() === 'false,true' &&
        seen.last === 'Written by gpt-5-mini (openai).'
      );
    }),
    { numRuns: 2_000 },
  );
  const heavy = ['>', '> ', '- ', '[', '*', '*a ', '<', '`', '# ', '1. ', '\t', ']:', '|', '=\n', '-\n', ' '];
  const sections = heavy.map((sign) => ({ ...words, id, body: sign.repeat(12_000 / sign.length), budgetShare: 0 }));
  const began = performance.now();
  planMarkdown({ ...sample, sections: [...sections, ...sample.sections] });
  t.ok(performance.now() - began < 1_000, 'and takes no time to speak of');
});
