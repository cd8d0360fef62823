import type { Outcome } from './check.ts';
import { reportOf, runNx } from '../nx/run-nx.ts';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** tap's own last word: `# { total: 12, pass: 10, fail: 1, skip: 1 }`. */
export function parseTotals(output: string): Totals | undefined {
  const [, summary] = /# \{ (total: .*) \}/.exec(output) ?? [];
  if (summary === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo') };
}

/** Runs targets whose command is tap and sums what they counted. */
export async function runTapTasks(
  nxArgs: string[],
  progress: (line: string) => void,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const run = await runNx(nxArgs, {
    // tap draws over its own lines unless it believes to be in CI; "terse" says nothing about what went well.
    env: { TAP_REPORTER: 'terse', CI: 'true', ...env },
    onTask({ id, output }) {
      const totals = parseTotals(output);
      if (totals) progress(`${id}  ${describe(totals)}`);
    },
  });
  const outcome: Outcome = { passed: 0, failed: 0, skipped: [], report: reportOf(run) };
  for (const { id, output, failed } of run.tasks) {
    const totals = parseTotals(output);
    outcome.passed += totals?.passed ?? 0;
    outcome.failed += totals?.failed ?? 0;
    // A file that crashes or times out between its assertions is in no count of tap's.
    if (failed && !totals?.failed) outcome.failed += 1;
    outcome.skipped.push(...skippedTests(output, totals?.skipped ?? 0).map((test) => `${id}: ${test}`));
  }
  if (!run.ok && outcome.failed === 0) outcome.failed = 1;
  return outcome;
}

/** The names and reasons tap prints behind a tilde, completed to the number it counted. */
function skippedTests(output: string, count: number): string[] {
  const named = Array.from(output.matchAll(/^~ (.+)$/gm), ([, test = '']) => test).slice(0, count);
  return [...named, ...Array<string>(count - named.length).fill('a test without a stated reason')];
}

function describe({ passed, failed, skipped }: Totals): string {
  return [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean).join(', ');
}
