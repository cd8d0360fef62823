import { type ComponentType } from 'react';
import { BudgetFields } from '../profile/budget-fields.tsx';
import { BusinessFields } from '../profile/business-fields.tsx';
import { CustomerFields } from '../profile/customer-fields.tsx';
import { GoalFields } from '../profile/goal-fields.tsx';
import { type ProfileForm } from '../profile/profile-form.ts';

interface Step {
  title: string;
  lead: string;
  fields: (keyof ProfileForm)[];
  Fields: ComponentType;
}

export const steps: readonly Step[] = [
  {
    title: 'Your business',
    lead: 'Four short steps, then your first plan. You can change all of it later.',
    fields: ['businessName', 'industry', 'description', 'website', 'region'],
    Fields: BusinessFields,
  },
  {
    title: 'Your customers',
    lead: 'The better we know them, the less of the budget is spent on anyone else.',
    fields: ['audience', 'tone'],
    Fields: CustomerFields,
  },
  {
    title: 'Goals and channels',
    lead: 'What should be different in three months, and where we may work on it.',
    fields: ['goals', 'channels'],
    Fields: GoalFields,
  },
  {
    title: 'Budget and experience',
    lead: 'So that the plan fits what you can spend, and how you like things explained.',
    fields: ['amount', 'currency', 'experience'],
    Fields: BudgetFields,
  },
];

/** "2" in the address is the second step; anything else is the first. */
export function parseStep(value: string | null | undefined): number {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= steps.length ? number - 1 : 0;
}

export function stepTitle(step: number): string {
  return `Step ${step + 1} of ${steps.length}: ${steps[step]?.title ?? ''}`;
}
