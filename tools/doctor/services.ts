import { join } from 'node:path';
import { describeProcesses, type ProcessDefinition } from '../stack/processes.ts';
import { findLauncher, findLaunchers } from '../stack/leftovers.ts';
import type { Examination } from './examinations.ts';

/** What the processes that npm start of this checkout runs say of themselves; those somewhere else have probes of their own. */
export const examineServices: Examination = async ({ ports, variables }) => {
  if (findLauncher(ports.web) === undefined) {
    // Only `npm start` and `nx serve web` listen on ports that end so.
    const others = findLaunchers().filter((port) => port % 10 === 0);
    const look = others.map((port) => `; for port ${port}: ALVA_PORT_PREFIX=${port / 10} npm run doctor`);
    return { ok: true, found: `none started by npm start on port ${ports.web}${look.join('')}` };
  }
  const answers = await Promise.all(Object.values(describeProcesses({ ports, variables })).map(ask));
  const problems = answers.filter((answer) => answer !== undefined);
  if (problems.length === 0) return { ok: true, found: 'all ready' };
  return { ok: false, found: problems.join('; '), fix: `see ${join('.data', 'logs')}, or start npm start again` };
};

/** What is wrong with it, in a few words. */
async function ask({ name, readyUrl }: ProcessDefinition): Promise<string | undefined> {
  try {
    const response = await fetch(readyUrl, { signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (response.ok) return undefined;
    return `${name}: ${detailOf(text) ?? `answers ${response.status}`}`;
  } catch {
    return `${name} does not answer`;
  }
}

/** Of the problem document (RFC 9457) with which a service says what it is waiting for. */
function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}
