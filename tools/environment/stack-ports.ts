import { Hint } from '../hint.ts';

const lastDigits = { web: 0, api: 1, auth: 2, worker: 3, postgres: 4, authMetrics: 5, apiMetrics: 6 } as const;

export type StackPorts = Record<keyof typeof lastDigits, number>;

/** Where everything listens in development: ten ports from one prefix, so that a second checkout moves with one variable. */
export function stackPorts(prefix = '300'): StackPorts {
  const base = Number(prefix) * 10;
  if (!/^\d+$/.test(prefix) || base < 1024 || base > 65_520) {
    throw new Hint(`ALVA_PORT_PREFIX is "${prefix}", it must be a number from 103 to 6552, for example 310.`);
  }
  const ports = Object.entries(lastDigits).map(([name, digit]) => [name, base + digit]);
  return Object.fromEntries(ports) as StackPorts;
}
