import { channels, type Channel } from '@alva/shared-types';
import type { ClientProfile } from '@alva/validation';
import t from 'tap';
import { amountsOf, sectionMoney } from '../../src/llm/budget.ts';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { readPlanAnswer } from '../../src/llm/model/plan-answer.ts';
import { divide } from '../../src/llm/shares.ts';
import { profile } from '../support/profile.ts';

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** Always the same sequence, so that what failed once fails again. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

void t.test('shares add up to 100 and amounts to the budget, whatever a model makes of them', async (t) => {
  const odd = [
    [33.3, 33.3, 33.3],
    [0, 0, 0],
    [-5, 105],
    [1e308, 1e308, 1e308],
    [Infinity, 1, 2],
    [NaN, 40, 60],
    [0.1, 0.2, 0.3],
    [1e-300, 1e-300],
    [99.5, 0.5],
    [12, 13, 14, 15, 16, 30.000000001],
    [7],
  ];
  const random = createRandom(31);
  const drawn = Array.from({ length: 500 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => random() * 10 ** Math.floor(random() * 6 - 2)),
  );
  for (const weights of [...odd, ...drawn]) {
    const shares = divide(100, weights);
    const told = `${weights.join(' ')} → ${shares.join(' ')}`;
    if (sum(shares) !== 100 || shares.some((share) => !Number.isInteger(share) || share < 0)) t.fail(told);
    for (const [index, share] of shares.entries()) {
      const exact = (100 * (weights[index] ?? 0)) / sum(weights);
      if (drawn.includes(weights) && Math.abs(share - exact) >= 1) t.fail(`${told}: more than a percent off`);
    }
    for (const amount of [
      0,
      1,
      7,
      99.99,
      100,
      333.33,
      599.995,
      10_000_000,
      1_234.5,
      Math.round(random() * 1e8) / 100,
    ]) {
      for (const [currency, unit] of [
        ['EUR', 100],
        ['JPY', 1],
        ['KWD', 1000],
      ] as const) {
        const amounts = amountsOf({ amount, currency }, shares);
        const smallest = Number.isInteger(amount) ? 1 : unit;
        const total = sum(amounts.map((part) => Math.round(part * smallest)));
        if (total !== Math.round(amount * smallest)) t.fail(`${amount} ${currency} by ${told}: ${amounts.join(' ')}`);
        if (amounts.some((part) => part < 0)) t.fail(`${amount} ${currency} by ${told}: less than nothing`);
      }
    }
  }
  t.equal(amountsOf({ amount: 100, currency: 'EUR' }, [33, 33, 34]).join(' '), '33 33 34');
  t.equal(amountsOf({ amount: 99.99, currency: 'EUR' }, [50, 50]).join(' '), '50 49.99');
  const shares = [
    { channel: 'positioning', budgetShare: 50 },
    { channel: 'seo', budgetShare: 50 },
  ] as const;
  const odds = { ...profile, monthlyBudget: { amount: 99.99, currency: 'EUR' } };
  t.equal(sectionMoney(odds, shares, 'seo'), '€49.99');
  t.equal(sectionMoney(profile, shares, 'seo'), '€300');
});

const section = (channel: string, budgetShare: number, body = 'Words.') => ({
  channel,
  title: channel,
  body,
  budgetShare,
});

function answerWith(sections: ReturnType<typeof section>[]): string {
  const task = { channel: 'social', title: 'Begin', detail: '', dueInDays: -3 };
  return JSON.stringify({ title: 'Plan', summary: 'Short.', sections, tasks: [task], metrics: [] });
}

void t.test('a model’s plan is read as a whole or not at all', async (t) => {
  const answer = answerWith([
    section('email', 50),
    section('ppc', 900),
    section('social', 30.4),
    section('positioning', 33),
    section('seo', 12),
    section('email', 7, 'Once more.'),
  ]);
  const { sections, tasks } = readPlanAnswer(answer, profile);
  t.strictSame(
    sections.map(({ channel, budgetShare }) => [channel, budgetShare]),
    [
      ['positioning', 26],
      ['social', 24],
      ['email', 40],
      ['seo', 10],
    ],
    'the chosen channels once each, in their order, to 100',
  );
  t.match(tasks, [{ dueInDays: 0 }]);
  t.throws(
    () => readPlanAnswer(answerWith([section('positioning', 50), section('social', 50), section('seo', 0)]), profile),
    { code: 'answer-unusable', retry: {} },
    'without one of them it is half a plan',
  );
  t.throws(() => readPlanAnswer(answer.slice(0, -9), profile), { code: 'answer-unusable' });
});

void t.test('the figures of the demo’s plans add up too, in their texts as well', async (t) => {
  const random = createRandom(8);
  for (let round = 0; round < 200; round++) {
    const chosen = channels.filter(() => random() < 0.6);
    const drawn: ClientProfile = {
      ...profile,
      channels: chosen.length > 0 ? chosen : (['seo'] satisfies Channel[]),
      monthlyBudget: { amount: Math.round(random() ** 4 * 1e6) / (round % 3 === 0 ? 100 : 1), currency: 'EUR' },
      experience: (['none', 'some', 'expert'] as const)[round % 3] ?? 'some',
    };
    const plan = composePlan(drawn);
    if (sum(plan.sections.map(({ budgetShare }) => budgetShare)) !== 100) t.fail(JSON.stringify(drawn.monthlyBudget));
    const amounts = amountsOf(
      drawn.monthlyBudget,
      plan.sections.map(({ budgetShare }) => budgetShare),
    );
    for (const [index, { channel, body }] of plan.sections.entries())
      for (const [, figure = ''] of body.matchAll(/€([\d,]+(?:\.\d+)?)/g))
        if (Number(figure.replaceAll(',', '')) > (amounts[index] ?? 0) + 0.005)
          t.fail(`${channel} speaks of €${figure} and has ${amounts[index]} of ${drawn.monthlyBudget.amount}`);
  }
  t.pass();
});
