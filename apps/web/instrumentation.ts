/** Called by Next when a server starts, before it answers anything. */
export async function register(): Promise<void> {
  // Next builds this file for its edge runtime too, which nothing here runs in and which has no process to end.
  if (process.env.NEXT_RUNTIME === 'nodejs') (await import('./lib/check-config.ts')).checkConfig();
}
