'use client';
import { Card, ChannelMark, SplitBar } from '@alva/ui';
import { type Plan } from '@alva/validation';
import { channelNames } from '../../lib/channels.ts';
import { formatMoney, formatPercent } from '../../lib/format.ts';

/** Where the monthly budget goes: the bar for the eye, the table for everyone. */
export function BudgetSplit({ plan }: { plan: Plan }) {
  const { amount, currency } = plan.clientProfile.monthlyBudget;
  const shares = plan.sections
    .filter(({ budgetShare }) => budgetShare > 0)
    .map(({ channel, budgetShare }) => ({ channel, name: channelNames[channel], share: budgetShare }))
    .sort((a, b) => b.share - a.share);
  return (
    <Card className="p-5 print:break-inside-avoid">
      <h2 className="text-sm text-muted">Monthly budget</h2>
      <p className="mt-0.5 type-display text-3xl text-ink tabular">{formatMoney(amount, currency)}</p>
      <SplitBar
        className="mt-4"
        shares={shares}
        label={`Budget by channel: ${shares.map(({ name, share }) => `${name} ${formatPercent(share)}`).join(', ')}`}
      />
      <table className="mt-4 w-full text-sm">
        <caption className="sr-only">Budget by channel</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Channel</th>
            <th scope="col">Share</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ channel, name, share }) => (
            <tr key={channel} className="[&>*]:py-1">
              <th scope="row" className="text-left font-normal text-ink">
                <span className="flex items-center gap-2">
                  <ChannelMark channel={channel} /> {name}
                </span>
              </th>
              <td className="text-right text-subtle tabular">{formatPercent(share)}</td>
              <td className="w-20 text-right text-ink tabular">{formatMoney((amount * share) / 100, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
