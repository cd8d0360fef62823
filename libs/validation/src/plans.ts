import { planStatuses, sectionChannels, taskStatuses } from '@alva/shared-types';
import { z } from 'zod';
import { clientProfile } from './client-profile.ts';
import { identifier, timestamp } from './primitives.ts';

/** Who wrote a plan. `demo` marks the rule-based planner, which is never passed off as a model. */
export const planGenerator = z
  .object({ provider: z.string(), model: z.string(), demo: z.boolean() })
  .meta({ id: 'PlanGenerator' });
export type PlanGenerator = z.infer<typeof planGenerator>;

export const planSection = z
  .object({
    id: identifier,
    channel: z.enum(sectionChannels),
    title: z.string(),
    body: z.string().describe('Markdown'),
    budgetShare: z.number().describe('Share of the monthly budget in percent; the shares of a plan add up to 100'),
  })
  .meta({ id: 'PlanSection' });
export type PlanSection = z.infer<typeof planSection>;

export const planTask = z
  .object({
    id: identifier,
    planId: identifier,
    channel: z.enum(sectionChannels),
    title: z.string(),
    detail: z.string(),
    dueDate: z.iso.date(),
    order: z.number().int(),
    status: z.enum(taskStatuses),
  })
  .meta({ id: 'PlanTask' });
export type PlanTask = z.infer<typeof planTask>;

export const planMetric = z.object({ name: z.string(), target: z.string() }).meta({ id: 'PlanMetric' });
export type PlanMetric = z.infer<typeof planMetric>;

const planCore = {
  id: identifier,
  title: z.string(),
  status: z.enum(planStatuses),
  jobId: identifier,
  summary: z.string(),
  generator: planGenerator.nullable().describe('Null until the first result is there'),
  version: z.number().int(),
  createdAt: timestamp,
  updatedAt: timestamp,
};

/** A plan in a list: without its long parts. */
export const planOverview = z.object(planCore).meta({ id: 'PlanOverview' });
export type PlanOverview = z.infer<typeof planOverview>;

export const plan = z
  .object({
    ...planCore,
    sections: z.array(planSection),
    tasks: z.array(planTask),
    metrics: z.array(planMetric),
    clientProfile,
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof plan>;

/** The profile to plan for; without it the stored one is used. */
export const generatePlanBody = z.strictObject({ clientProfile: clientProfile.optional() });
export type GeneratePlanBody = z.infer<typeof generatePlanBody>;
export const generatePlanAnswer = z.object({ planId: identifier, jobId: identifier });
export type GeneratePlanAnswer = z.infer<typeof generatePlanAnswer>;

/** What the job `plan.generate` needs to know. The profile travels along as it was when the plan was asked for. */
export const planGeneratePayload = z.strictObject({ planId: identifier, clientProfile });
export type PlanGeneratePayload = z.infer<typeof planGeneratePayload>;

/** What a generator (model or demo planner) must come up with before any of it is stored as a plan. */
export const planDraft = z.object({
  title: z.string().min(1).max(200),
  summary: z.string().min(1).max(2000),
  sections: z
    .array(
      z.object({
        channel: z.enum(sectionChannels),
        title: z.string().min(1).max(200),
        body: z.string().min(1).max(12_000).describe('Markdown without a heading of its own'),
        budgetShare: z.number().min(0).max(100).describe('Percent of the monthly budget'),
      }),
    )
    .min(1)
    .max(8),
  tasks: z
    .array(
      z.object({
        channel: z.enum(sectionChannels),
        title: z.string().min(1).max(200),
        detail: z.string().max(2000),
        dueInDays: z.number().int().min(0).max(365),
      }),
    )
    .min(1)
    .max(40),
  metrics: z.array(z.object({ name: z.string().min(1).max(120), target: z.string().min(1).max(200) })).max(12),
});
export type PlanDraft = z.infer<typeof planDraft>;
