import { ConfigError, readConfig } from './config.ts';

/** A process that could only answer with errors says why in one line and ends, as the services do. */
export function checkConfig(): void {
  try {
    readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`web: ${error.message}\n`);
    process.exit(1);
  }
}
