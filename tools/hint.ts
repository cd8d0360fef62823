/** Something the person at the terminal can mend: shown as its one line, without a stack. */
export class Hint extends Error {
  override readonly name = 'Hint';
}

/** What was under way was ended on purpose; whoever ended it knows why. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Runs a command's main function; what goes wrong ends as one line where a person can act on it, as a stack where only we can. */
export async function runCommand(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    console.error(error instanceof Hint ? error.message : error);
    process.exit(1);
  }
}
