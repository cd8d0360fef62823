import { join } from 'node:path';
import type { StackEnvironment } from '../environment/stack-environment.ts';
import { workspaceRoot } from '../paths.ts';
import { webServer } from './web-build.ts';

export const processNames = ['auth', 'api', 'worker', 'web'] as const;
export type ProcessName = (typeof processNames)[number];

export interface ProcessDefinition {
  name: ProcessName;
  cwd: string;
  /** Arguments of Node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Ports it wants, by purpose. */
  ports: Record<string, number>;
  /** Answers 200 once the process can be used. */
  readyUrl: string;
}

/** The four processes of the stack, in the order they are started. */
export function describeProcesses({
  ports,
  variables,
}: Pick<StackEnvironment, 'ports' | 'variables'>): Record<ProcessName, ProcessDefinition> {
  const service = (name: ProcessName, app: string, entry: string, port: number, metricsPort: number) => ({
    name,
    cwd: join(workspaceRoot, 'apps', app),
    args: [join('src', entry)],
    env: { ...variables, PORT: String(port), METRICS_PORT: String(metricsPort) },
  });
  return {
    auth: {
      ...service('auth', 'auth', 'main.ts', ports.auth, ports.authMetrics),
      ports: { auth: ports.auth, 'metrics of auth': ports.authMetrics },
      readyUrl: `http://localhost:${ports.auth}/readyz`,
    },
    api: {
      ...service('api', 'api', 'main.ts', ports.api, ports.apiMetrics),
      ports: { api: ports.api, 'metrics of api': ports.apiMetrics },
      readyUrl: `http://localhost:${ports.api}/readyz`,
    },
    worker: {
      ...service('worker', 'api', 'worker-main.ts', ports.worker, ports.worker),
      ports: { 'metrics of worker': ports.worker },
      readyUrl: `http://127.0.0.1:${ports.worker}/readyz`,
    },
    web: {
      name: 'web',
      cwd: join(workspaceRoot, 'apps/web'),
      args: [webServer],
      // The server of a build, which makes pages appear at once; `serve` is for whoever changes them.
      env: {
        ...variables,
        NODE_ENV: 'production',
        PORT: String(ports.web),
        HOSTNAME: variables['HOST'] ?? 'localhost',
      },
      ports: { web: ports.web },
      readyUrl: `http://localhost:${ports.web}/`,
    },
  };
}
