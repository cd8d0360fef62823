import { createOutline } from './outline.ts';
import type { Section } from './reading.ts';

export function readPlainText(text: string): Section[] {
  const outline = createOutline();
  outline.write(text);
  return outline.close();
}
