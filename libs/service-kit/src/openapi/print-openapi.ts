import type { Server } from '../server/create-server.ts';

/** Prints the document that `GET /openapi.json` would answer, for generators that should not need a running stack. */
export async function printOpenApi(app: Server): Promise<void> {
  await app.ready();
  process.stdout.write(`${JSON.stringify(app.swagger(), null, 2)}\n`);
  await app.close();
}

/**
 * Stands in for whatever holds a connection while a service only describes itself: it may be handed around and called,
 * and nothing comes of it.
 */
export function standIn<Resources>(): Resources {
  return inert as Resources;
}

const inert: unknown = new Proxy(() => undefined, {
  // A promise-like would make whoever awaits it wait for ever.
  get: (_target, name) => (name === 'then' || typeof name === 'symbol' ? undefined : inert),
  apply: () => inert,
});
