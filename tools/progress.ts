import { Interrupted } from './hint.ts';

interface Ending {
  ok: boolean;
  note: string;
}

/**
 * Runs one step of a longer command: names it once it takes long enough to wonder, and says at the end how long it took.
 * `ending` reads off the result whether it went well, where failing is not throwing.
 */
export async function step<T>(what: string, work: () => Promise<T>, ending?: (result: T) => Ending): Promise<T> {
  const start = performance.now();
  const wondering = setTimeout(() => console.log(`  … ${what}`), 1000);
  const close = ({ ok, note }: Ending) => {
    clearTimeout(wondering);
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    console.log(`  ${ok ? '✓' : '✗'} ${[what, note, seconds].filter(Boolean).join('  ')}`);
  };
  try {
    const result = await work();
    close(ending?.(result) ?? { ok: true, note: '' });
    return result;
  } catch (error) {
    if (error instanceof Interrupted) clearTimeout(wondering);
    else close({ ok: false, note: '' });
    throw error;
  }
}

/** Rows of text with their columns aligned. */
export function alignColumns(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>((found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
