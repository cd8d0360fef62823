import { z } from 'zod';

/** A field of the configuration by a reader that throws what is wrong with it, as the end of a sentence. */
export function parsed<Value>(read: (text: string) => Value) {
  return z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is not valid' });
      return z.NEVER;
    }
  });
}
