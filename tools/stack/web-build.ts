import { Hint } from '../hint.ts';
import { reportOf, runNx } from '../nx/run-nx.ts';

/** Builds the web app unless Nx finds that nothing it is made of has changed. */
export async function buildWeb(): Promise<void> {
  const run = await runNx(['run', '@alva/web:build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (!run.ok) throw new Hint(`The web app cannot be built:\n${reportOf(run)}`);
}
