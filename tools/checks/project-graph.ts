import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdict, type Outcome } from './check.ts';
import { runTool } from '../processes/run-tool.ts';

type Dependencies = Record<string, string[]>;

/** Projects that lean on each other in a circle can neither be built nor understood one at a time. */
export async function checkProjectGraph(): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'alva-graph-'));
  try {
    const file = join(folder, 'graph.json');
    const { ok, output } = await runTool('nx/dist/bin/nx.js', ['graph', `--file=${file}`]);
    if (!ok) return verdict(false, output);
    const cycle = findCycle(readDependencies(file));
    return verdict(!cycle, `These projects lean on each other in a circle: ${cycle?.join(' → ') ?? ''}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function findCycle(dependencies: Dependencies): string[] | undefined {
  const done = new Set<string>();
  const visit = (project: string, path: string[]): string[] | undefined => {
    const seenAt = path.indexOf(project);
    if (seenAt >= 0) return [...path.slice(seenAt), project];
    if (done.has(project)) return undefined;
    for (const target of dependencies[project] ?? []) {
      const cycle = visit(target, [...path, project]);
      if (cycle) return cycle;
    }
    done.add(project);
    return undefined;
  };
  for (const project of Object.keys(dependencies)) {
    const cycle = visit(project, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function readDependencies(file: string): Dependencies {
  const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
    graph: { dependencies: Record<string, { target: string }[]> };
  };
  return Object.fromEntries(
    Object.entries(graph.dependencies).map(([project, targets]) => [project, targets.map(({ target }) => target)]),
  );
}
