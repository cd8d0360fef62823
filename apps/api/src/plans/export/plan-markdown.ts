import { channelNames } from '@alva/shared-types';
import type { Plan, PlanGenerator, PlanSection, PlanTask } from '@alva/validation';
import { amountsOf, formatMoney } from '../../llm/budget.ts';
import { contained, plain, plainParagraphs } from './markdown.ts';

/** A finished plan as one Markdown document, for whoever wants to keep, print or send it. */
export function planMarkdown(plan: Plan): string {
  const money = moneyOf(plan);
  const blocks = [
    `# ${plain(plan.title)}`,
    `For ${plain(plan.clientProfile.businessName)}, ${longDay(plan.updatedAt)}`,
    contained(plan.summary),
    '## Budget',
    budgetTable(plan, money),
    ...plan.sections.flatMap((section, index) => [
      `## ${plain(section.title)}`,
      `*${channelNames[section.channel]}, ${percent(section.budgetShare)} of the budget, ${money.parts[index] ?? ''} a month*`,
      contained(section.body),
    ]),
    ...(plan.tasks.length === 0 ? [] : ['## Tasks', plan.tasks.map(taskItem).join('\n')]),
    ...(plan.metrics.length === 0 ? [] : ['## Key figures', figuresTable(plan)]),
    '***',
    generatorLine(plan),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

interface Money {
  readonly total: string;
  /** By section, in their order; they add up to the total. */
  readonly parts: readonly string[];
}

function moneyOf({ clientProfile: { monthlyBudget }, sections }: Plan): Money {
  const { amount, currency } = monthlyBudget;
  const shares = sections.map(({ budgetShare }) => budgetShare);
  return {
    total: formatMoney(amount, currency),
    parts: amountsOf(monthlyBudget, shares).map((part) => formatMoney(part, currency)),
  };
}

function budgetTable({ sections }: Plan, { total, parts }: Money): string {
  const rows = sections.map(({ channel, budgetShare }, index) => [
    channelNames[channel],
    percent(budgetShare),
    plain(parts[index] ?? ''),
  ]);
  return table(['Channel', 'Share', 'A month'], ['---', '---:', '---:'], [...rows, ['Total', '100 %', plain(total)]]);
}

function figuresTable({ metrics }: Plan): string {
  const rows = metrics.map(({ name, target }) => [plain(name), plain(target)]);
  return table(['Figure', 'Target'], ['---', '---'], rows);
}

function table(...rows: [string[], string[], string[][]]): string {
  const [head, rule, body] = rows;
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function taskItem({ status, title, dueDate, completedAt, channel, detail }: PlanTask): string {
  const done = completedAt === null ? '' : `, done ${longDay(completedAt)}`;
  const item = `- [${status === 'done' ? 'x' : ' '}] **${plain(title)}** (${channelNames[channel]}), due ${longDay(dueDate)}${done}`;
  return detail === '' ? item : `${item}\n\n${plainParagraphs(detail, '  ')}\n`;
}

/** Who wrote it is said as it is: the rules of the demo are never passed off as a model. */
function generatorLine({ generator, sections }: Plan): string {
  const rewritten = Map.groupBy(
    sections.filter((section): section is PlanSection & { generator: PlanGenerator } => section.generator !== null),
    ({ generator: other }) => named(other),
  );
  const others = [...rewritten].map(
    ([name, theirs]) => `${theirs.map(({ title }) => `“${plain(title)}”`).join(', ')} rewritten by ${name}.`,
  );
  return [...(generator ? [`Written by ${named(generator)}.`] : []), ...others].join(' ');
}

function named({ provider, model, demo }: PlanGenerator): string {
  if (demo) return 'the demo planner, which puts advice together by rules: no language model was asked';
  return `${plain(model)} (${plain(provider)})`;
}

function percent(share: number): string {
  return `${share} %`;
}

const longFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** Of a day or a moment, the day in UTC: the document means the same wherever it is read. */
function longDay(moment: string): string {
  return longFormat.format(new Date(moment));
}
