import { type Logger } from '../../src/index.ts';

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
