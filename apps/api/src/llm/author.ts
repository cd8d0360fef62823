import { planGenerator } from '@alva/validation';
import { z } from 'zod';

/** Who wrote something, and by which version of a prompt. The version is stored with it and not shown. */
export const author = planGenerator.extend({ prompt: z.string().optional() });
export type Author = z.infer<typeof author>;
