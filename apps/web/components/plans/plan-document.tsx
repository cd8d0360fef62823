'use client';
import { Button, ChannelMark } from '@alva/ui';
import { type Plan } from '@alva/validation';
import { Printer } from 'lucide-react';
import { channelNames } from '../../lib/channels.ts';
import { formatDate, formatMoney, formatPercent } from '../../lib/format.ts';
import { BudgetSplit } from './budget-split.tsx';
import { GeneratorLabel } from './generator-label.tsx';
import { KeyFigures } from './key-figures.tsx';
import { PlanContents } from './plan-contents.tsx';
import { PlanLayout } from './plan-layout.tsx';
import { PlanMarkdown } from './plan-markdown.tsx';
import { PlanTasks } from './plan-tasks.tsx';

export function PlanDocument({ plan }: { plan: Plan }) {
  const { amount, currency } = plan.clientProfile.monthlyBudget;
  return (
    <PlanLayout
      title={plan.title}
      meta={
        <>
          <span>For {plan.clientProfile.businessName}</span>
          <time dateTime={plan.createdAt}>{formatDate(plan.createdAt)}</time>
          {plan.generator !== null && <GeneratorLabel generator={plan.generator} />}
          <Button
            variant="quiet"
            size="sm"
            className="-my-1 -mr-3 ml-auto max-sm:hidden print:hidden"
            onClick={() => window.print()}
          >
            <Printer aria-hidden="true" /> Print
          </Button>
        </>
      }
      lead={
        <div className="plan-lead">
          <PlanMarkdown>{plan.summary}</PlanMarkdown>
        </div>
      }
      aside={
        <>
          <BudgetSplit plan={plan} />
          {plan.metrics.length > 0 && <KeyFigures metrics={plan.metrics} />}
          <PlanContents plan={plan} />
        </>
      }
    >
      <div className="grid gap-14 print:gap-8">
        {plan.sections.map((section) => (
          <section key={section.id} id={section.channel} aria-labelledby={`${section.id}-title`}>
            <p className="flex items-center gap-2 text-sm text-muted">
              <ChannelMark channel={section.channel} />
              {channelNames[section.channel]}
              {section.budgetShare > 0 && (
                <span className="text-subtle tabular">
                  {formatPercent(section.budgetShare)}, {formatMoney((amount * section.budgetShare) / 100, currency)} a
                  month
                </span>
              )}
            </p>
            <h2 id={`${section.id}-title`} className="mt-1.5 mb-3 type-display text-2xl text-ink">
              {section.title}
            </h2>
            <PlanMarkdown>{section.body}</PlanMarkdown>
          </section>
        ))}
        <PlanTasks tasks={plan.tasks} />
      </div>
    </PlanLayout>
  );
}
