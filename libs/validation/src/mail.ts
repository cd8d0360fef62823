import { z } from 'zod';

/** A mail on its way through the queue: links and codes in it open sessions, so only its sender can unseal it. */
export const mailDelivery = z.strictObject({ sealed: z.string().min(1) });
export type MailDelivery = z.infer<typeof mailDelivery>;
