// npm test: every check this repository has; `npm test -- types lint` runs only those.
import { allChecks } from './checks/all-checks.ts';
import type { Outcome } from './checks/check.ts';
import { stopTools } from './processes/run-tool.ts';
import { Hint, runCommand } from './hint.ts';
import { openEmbeddedPostgres, testCluster } from './postgres/embedded-postgres.ts';
import { watchInterrupts } from './processes/interrupts.ts';
import { step } from './progress.ts';

const interrupts = watchInterrupts();
interrupts.signal.addEventListener('abort', () => stopTools('SIGTERM'));
interrupts.onSecond(() => stopTools('SIGKILL'));

await runCommand(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !allChecks.some((check) => check.name === name));
  if (unknown) throw new Hint(`There is no check "${unknown}", but: ${allChecks.map(({ name }) => name).join(', ')}`);

  const checks = allChecks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const outcomes: (Outcome & { name: string })[] = [];
  // Held over the whole run: otherwise each project's tests would start and stop the server anew.
  const postgres = process.env['ALVA_TEST_DATABASE_URL'] ? undefined : await openEmbeddedPostgres(testCluster);
  try {
    for (const check of checks) {
      if (interrupts.signal.aborted) return 130;
      const outcome = await step(check.name, () => check.run((line) => console.log(`      ${line}`)), describeOutcome);
      outcomes.push({ name: check.name, ...outcome });
    }
  } finally {
    await postgres?.release();
  }
  if (interrupts.signal.aborted) return 130;
  return summarise(outcomes);
});

function summarise(outcomes: (Outcome & { name: string })[]): number {
  for (const { name, report } of outcomes.filter((outcome) => outcome.report))
    console.log(`\n── ${name} ──\n${report}`);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((what) => `  ${what}`).join('\n')}`);
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`\n${sum((outcome) => outcome.passed)} passed, ${failed} failed${tail}`);
  return failed > 0 ? 1 : 0;
}

function describeOutcome({ passed, failed, skipped }: Outcome): { ok: boolean; note: string } {
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped.length && `${skipped.length} skipped`];
  return { ok: failed === 0, note: counts.filter(Boolean).join(', ') };
}
