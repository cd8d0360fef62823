/** The environment is unusable. The message, a line per problem, is for whoever started the process: print it and exit 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
