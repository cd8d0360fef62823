/** The environment is unusable. The message is one line for the person who started the process: print it and exit 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
