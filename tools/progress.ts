/** Runs one step of a longer command, naming it as soon as it takes long enough to wonder, and its duration at the end. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const live = process.stdout.isTTY;
  if (live) process.stdout.write(`  … ${what}`);
  const wondering = live ? undefined : setTimeout(() => console.log(`  … ${what}`), 1000);
  const close = (mark: string) => {
    clearTimeout(wondering);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${live ? '\r\u001b[2K' : ''}  ${mark} ${what}  ${seconds} s`);
  };
  try {
    const result = await work();
    close('✓');
    return result;
  } catch (error) {
    close('✗');
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
