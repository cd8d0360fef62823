import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Hint, Interrupted } from '../hint.ts';
import { reportOf, runNx } from '../nx/run-nx.ts';
import { workspaceRoot } from '../paths.ts';

/** What a build makes, from the folder of the web app. */
export const webServer = '.next/standalone/apps/web/server.js';

/** Builds the web app unless Nx finds that nothing it is made of has changed. */
export async function buildWeb(): Promise<void> {
  await build();
  // Nx remembers builds apart from the files they made; whoever deleted those wants them made again.
  if (!existsSync(join(workspaceRoot, 'apps/web', webServer))) await build('--skip-nx-cache');
}

async function build(...options: string[]): Promise<void> {
  const run = await runNx(['run', '@alva/web:build', ...options], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (run.interrupted) throw new Interrupted();
  if (!run.ok) throw new Hint(`The web app cannot be built:\n${reportOf(run)}`);
}
