import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Hint } from '../hint.ts';
import { workspaceRoot } from '../paths.ts';

export type Variables = Record<string, string>;

/** The variables of a file of `KEY=value` lines; none when there is no such file. */
export function readEnvFile(file: string): Variables {
  const name = relative(workspaceRoot, file);
  try {
    return existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8'), name) : {};
  } catch (error) {
    throw error instanceof Hint ? error : new Hint(`${name} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Comments, blank lines, `export`, quotes (over several lines too, as keys in PEM are) and ` #` after a value are understood.
 * Node's own parser drops what it does not understand; a forgotten "=" would then look like a setting without effect.
 */
export function parseEnvFile(text: string, name: string): Variables {
  const variables: Variables = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const [, key, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    const refuse = (problem: string) => new Hint(`${name}:${index + 1}: ${problem}`);
    if (!key) throw refuse('expected KEY=value. Correct the line or put # before it.');

    const quote = /^["'`]/.exec(raw)?.[0];
    if (!quote) {
      variables[key] = raw.replace(/(^|\s)#.*$/, '').trim();
      continue;
    }
    let value = raw.slice(1);
    let last = index;
    while (!value.includes(quote) && last + 1 < lines.length) value += `\n${lines[++last] ?? ''}`;
    const end = value.indexOf(quote);
    if (end < 0) throw refuse(`${key} starts with ${quote} that is never closed.`);
    if (!/^\s*(#|$)/.test(value.slice(end + 1)))
      throw refuse(`there is something after the closing ${quote} of ${key}.`);
    variables[key] = quote === '"' ? value.slice(0, end).replaceAll('\\n', '\n') : value.slice(0, end);
    index = last;
  }
  return variables;
}
