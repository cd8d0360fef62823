import { Hint } from '../hint.ts';
import { findProblemOfPrefix } from './port-prefix.mjs';

const lastDigits = { web: 0, api: 1, auth: 2, worker: 3, postgres: 4, authMetrics: 5, apiMetrics: 6 } as const;

export type StackPorts = Record<keyof typeof lastDigits, number>;

/** Where everything listens in development: ten ports from one prefix, so that a second checkout moves with one variable. */
export function stackPorts(prefix = '300'): StackPorts {
  const problem = findProblemOfPrefix(prefix);
  if (problem) throw new Hint(problem);
  const base = Number(prefix) * 10;
  const ports = Object.entries(lastDigits).map(([name, digit]) => [name, base + digit]);
  return Object.fromEntries(ports) as StackPorts;
}
