import { channels } from '@alva/shared-types';
import { z } from 'zod';
import { line, text } from './primitives.ts';

/** How much someone already knows about marketing; advice is phrased for it. */
export const experienceLevels = ['none', 'some', 'expert'] as const;

/** The questionnaire about a person's business: the body of `PUT /user/profile`, and kept with every plan made from it. */
export const clientProfile = z
  .strictObject({
    businessName: line(120),
    industry: line(120),
    description: text(2000),
    audience: text(1000),
    goals: z.array(line(200)).min(1).max(5),
    channels: z
      .array(z.enum(channels))
      .min(1)
      .refine((chosen) => new Set(chosen).size === chosen.length, 'must not name a channel twice'),
    monthlyBudget: z.strictObject({
      amount: z.number().min(0).max(10_000_000),
      currency: z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter currency code like EUR'),
    }),
    website: z
      .url({ protocol: /^https?$/ })
      .max(300)
      .regex(/^[^\s\p{Cc}\p{Cs}]*$/u, 'must not contain spaces or control characters')
      .optional(),
    region: line(120).optional(),
    tone: line(120).optional(),
    experience: z.enum(experienceLevels),
  })
  .meta({ id: 'ClientProfile' });
export type ClientProfile = z.infer<typeof clientProfile>;
