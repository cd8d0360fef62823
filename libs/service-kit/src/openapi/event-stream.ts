import { z } from 'zod';

/**
 * Documents the answer of a route that streams server-sent events, by their names and what their `data` holds:
 * `response: { ...eventStream({ revoked: revocation }), ...problemResponses() }`. What is documented is one event of many.
 *
 * Typed as nothing at all: handlers send a stream, which no serializer looks at.
 */
export function eventStream(events: Record<string, z.ZodType>): object {
  const each = Object.entries(events).map(([event, data]) => z.object({ event: z.literal(event), data }));
  return {
    200: {
      description: `A stream of events: ${Object.keys(events)
        .map((name) => `\`${name}\``)
        .join(', ')}. The schema is that of each one, whose \`data\` is JSON`,
      content: { 'text/event-stream': { schema: z.union(each) } },
    },
  };
}
