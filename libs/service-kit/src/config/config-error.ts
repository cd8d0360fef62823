/** The environment is unusable. The message is for the person who started the process, a line per problem: print it and exit 1. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
