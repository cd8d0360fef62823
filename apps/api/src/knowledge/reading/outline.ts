import { cleanLine, cleanText } from './clean-text.ts';
import { longestText, type Section, UnreadableDocument } from './reading.ts';

/** What comes after so many sections is read on as text of the last one. */
const mostSections = 2_000;
const longestHeading = 200;

/** Gathers text under the headings it stands below. */
export function createOutline() {
  const sections: Section[] = [];
  let path: { level: number; title: string }[] = [];
  let gathered: string[] = [];
  let length = 0;

  function closeSection(page: number | null): void {
    const text = cleanText(gathered.join(''));
    gathered = [];
    if (text !== '') sections.push({ page, heading: path.map(({ title }) => title), text });
  }

  function write(text: string): void {
    length += text.length;
    // Not yet cleaned, and hence a little generous.
    if (length > 2 * longestText) throw new UnreadableDocument('too-long');
    gathered.push(text);
  }

  return {
    write,

    /** Begins a section, one level below the nearest heading of a smaller level. */
    openSection(level: number, heading: string): void {
      const title = cleanLine(heading, longestHeading);
      if (title === '') return;
      if (sections.length >= mostSections) {
        write(`\n\n${title}\n\n`);
        return;
      }
      closeSection(null);
      path = [...path.filter((above) => above.level < level), { level, title }];
    },

    closePage: (page: number): void => closeSection(page),

    /** All sections that have text. */
    close(): Section[] {
      closeSection(null);
      return sections;
    },
  };
}
export type Outline = ReturnType<typeof createOutline>;
