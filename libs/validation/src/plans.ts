import { planStatuses, sectionChannels } from '@alva/shared-types';
import { z } from 'zod';
import { clientProfile } from './client-profile.ts';
import { pageQuery } from './lists.ts';
import { identifier, line, text, timestamp } from './primitives.ts';
import { planTask } from './tasks.ts';

/** Who wrote a plan. `demo` marks the rule-based planner, which is never passed off as a model. */
export const planGenerator = z
  .object({ provider: z.string(), model: z.string(), demo: z.boolean() })
  .meta({ id: 'PlanGenerator' });
export type PlanGenerator = z.infer<typeof planGenerator>;

const sectionText = {
  title: z.string(),
  body: z.string().describe('Markdown'),
  generator: planGenerator.nullable().describe('Who rewrote it; null when that is who wrote the plan'),
};

/** What a section said before it was rewritten. */
export const earlierSection = z.object(sectionText).meta({ id: 'EarlierSection' });
export type EarlierSection = z.infer<typeof earlierSection>;

export const planSection = z
  .object({
    id: identifier,
    channel: z.enum(sectionChannels),
    ...sectionText,
    budgetShare: z.number().describe('Share of the monthly budget in percent; the shares of a plan add up to 100'),
    jobId: identifier.nullable().describe('The job that is rewriting it; null while none is'),
    previous: earlierSection.nullable().describe('What it said before it was last rewritten, edits included'),
  })
  .meta({ id: 'PlanSection' });
export type PlanSection = z.infer<typeof planSection>;

export const planMetric = z.object({ name: z.string(), target: z.string() }).meta({ id: 'PlanMetric' });
export type PlanMetric = z.infer<typeof planMetric>;

const planCore = {
  id: identifier,
  title: z.string(),
  status: z.enum(planStatuses),
  jobId: identifier,
  summary: z.string(),
  generator: planGenerator.nullable().describe('Null until the first result is there'),
  version: z.number().int().describe('Counts every change that a reader of the plan can see; `"3"` as an entity tag'),
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

export const plansQuery = pageQuery.extend({
  status: z.enum(planStatuses).optional(),
  search: line(200).optional().describe('Text in the title, in any case'),
});
export type PlansQuery = z.infer<typeof plansQuery>;

const sectionChange = z
  .strictObject({
    id: identifier,
    title: line(200).optional(),
    body: text(12_000).optional().describe('Markdown'),
    budgetShare: z.number().int().min(0).max(100).optional().describe('In whole percent'),
    restore: z
      .literal(true)
      .optional()
      .describe('Takes back what it said before it was rewritten; the two change places'),
  })
  .refine(({ id: _id, ...change }) => Object.keys(change).length > 0, 'must change something')
  .refine(
    ({ restore, title, body }) => restore === undefined || (title === undefined && body === undefined),
    'cannot be restored and be given another text at once',
  );
export type SectionChange = z.infer<typeof sectionChange>;

/** Body of `PATCH /plans/:id`. What is left out stays as it is; the shares must add up to 100 afterwards. */
export const changePlanBody = z
  .strictObject({
    title: line(200).optional(),
    summary: text(2000).optional(),
    metrics: z
      .array(z.strictObject({ name: line(120), target: line(200) }))
      .max(12)
      .optional(),
    sections: z
      .array(sectionChange)
      .min(1)
      .max(8)
      .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'must name each section once')
      .optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something')
  .meta({ id: 'ChangePlan' });
export type ChangePlanBody = z.infer<typeof changePlanBody>;

/** The profile to plan for; without it the stored one is used. */
export const generatePlanBody = z.strictObject({ clientProfile: clientProfile.optional() });
export type GeneratePlanBody = z.infer<typeof generatePlanBody>;
export const generatePlanAnswer = z.object({ planId: identifier, jobId: identifier });
export type GeneratePlanAnswer = z.infer<typeof generatePlanAnswer>;

/** Body of `POST /plans/:id/regenerate`: which section is to be written anew, and what should be different. */
export const rewriteSectionBody = z
  .strictObject({
    section: identifier.describe('Its id'),
    wish: text(500).optional().describe('What should be different'),
  })
  .meta({ id: 'RewriteSection' });
export type RewriteSectionBody = z.infer<typeof rewriteSectionBody>;

/** What the job `plan.section` needs to know. The plan itself is read when the work begins. */
export const planSectionPayload = z.strictObject({
  planId: identifier,
  sectionId: identifier,
  wish: z.string().optional(),
  tokens: z.number().int().positive(),
});
export type PlanSectionPayload = z.infer<typeof planSectionPayload>;

/** What the job `plan.generate` needs to know. The profile travels along as it was when the plan was asked for. */
export const planGeneratePayload = z.strictObject({ planId: identifier, clientProfile });
export type PlanGeneratePayload = z.infer<typeof planGeneratePayload>;

/** What a generator must come up with before a section is rewritten. */
export const sectionDraft = z.object({
  title: z.string().min(1).max(200),
  body: z.string().min(1).max(12_000).describe('Markdown without a heading of its own'),
});
export type SectionDraft = z.infer<typeof sectionDraft>;

/** What a generator (model or demo planner) must come up with before any of it is stored as a plan. */
export const planDraft = z.object({
  title: z.string().min(1).max(200),
  summary: z.string().min(1).max(2000),
  sections: z
    .array(
      sectionDraft.extend({
        channel: z.enum(sectionChannels),
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
