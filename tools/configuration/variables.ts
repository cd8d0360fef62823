import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';

/** A row as `describeConfig` of the service kit gives it. */
export interface VariableRow {
  readonly name: string;
  readonly default: string | undefined;
  readonly defaultInWords: boolean;
  readonly required: boolean;
  readonly secret: boolean;
  readonly description: string;
  readonly example: string | undefined;
}

export interface ProcessVariables {
  readonly process: string;
  readonly rows: readonly VariableRow[];
}

/** Where each process keeps its schema. Loaded by path: tools know the apps' files, never their code. */
const schemas = [
  { process: 'auth', file: 'apps/auth/src/config.ts', name: 'configSchema' },
  { process: 'api', file: 'apps/api/src/config.ts', name: 'apiConfig' },
  { process: 'worker', file: 'apps/api/src/config.ts', name: 'workerConfig' },
];

/** What the configuration schemas of the processes say of themselves. */
export async function readVariables(): Promise<ProcessVariables[]> {
  const { describeConfig } = (await load('libs/service-kit/src/index.ts')) as {
    describeConfig: (schema: unknown) => VariableRow[];
  };
  return (await loadSchemas()).map(({ process, schema }) => ({ process, rows: describeConfig(schema) }));
}

export async function loadSchemas(): Promise<{ process: string; schema: unknown }[]> {
  return Promise.all(schemas.map(async ({ process, file, name }) => ({ process, schema: (await load(file))[name] })));
}

export function load(file: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(join(workspaceRoot, file)).href) as Promise<Record<string, unknown>>;
}

export interface Variable extends VariableRow {
  /** The processes that read it. */
  readonly processes: readonly string[];
}

/** One entry a name, in the order of first appearance, with the processes that read it. Ports differ by process. */
export function mergeVariables(all: readonly ProcessVariables[]): Variable[] {
  const merged = new Map<string, Variable>();
  for (const { process, rows } of all) {
    for (const row of rows) {
      const known = merged.get(row.name);
      merged.set(row.name, known ? combine(known, row, process) : { ...row, processes: [process] });
    }
  }
  return [...merged.values()];
}

function combine(known: Variable, row: VariableRow, process: string): Variable {
  const sameDefault = known.default?.split(', ').includes(row.default ?? '') ?? row.default === undefined;
  return {
    ...known,
    default: sameDefault ? known.default : [known.default, row.default].filter(Boolean).join(', '),
    processes: [...known.processes, process],
  };
}
