export interface Check {
  /** What `npm test -- <name>` calls it. */
  name: string;
  /** Calls `progress` with a short line whenever a part is done. */
  run(progress: (line: string) => void): Promise<Outcome>;
}

export interface Outcome {
  passed: number;
  failed: number;
  /** One line for each thing not done, with the reason. */
  skipped: string[];
  /** What a person needs to see to mend it; nothing when all went well. */
  report: string;
}

/** A check that is one yes or no. */
export function verdict(ok: boolean, report: string): Outcome {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], report: ok ? '' : report };
}

export function skip(reason: string): Outcome {
  return { passed: 0, failed: 0, skipped: [reason], report: '' };
}
