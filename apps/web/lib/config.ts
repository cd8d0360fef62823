/** What the browser has to know about this installation. */
export interface PublicConfig {
  apiUrl: string;
  authUrl: string;
  /** The page of development mail, where mail goes there (`MAIL_TRANSPORT=inbox`, which production refuses). */
  inboxUrl: string | null;
}

export interface Config {
  public: PublicConfig;
  /** Whether the site is reached without TLS, which only development is. */
  plainHttp: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment is unusable. The message is one line for the person who started the process. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

let config: Config | undefined;

/**
 * The environment of the process that runs, never that of the build: one image serves every installation. Nothing else
 * in the web app looks at it, and `checkConfig` does so first, to end a process that could only answer errors.
 */
export function readConfig(): Config {
  return (config ??= parseConfig(process.env));
}

/** Throws a ConfigError that names the first wrong variable, what is wrong and what mends it. */
export function parseConfig(env: Environment): Config {
  const webUrl = readOrigin(env, 'WEB_URL', { digit: 0, example: 'https://app.example.com' });
  const apiUrl = readOrigin(env, 'API_URL', { digit: 1, example: 'https://api.example.com' });
  const authUrl = readOrigin(env, 'AUTH_URL', { digit: 2, example: 'https://auth.example.com' });
  return {
    public: { apiUrl, authUrl, inboxUrl: env['MAIL_TRANSPORT'] === 'inbox' ? `${authUrl}/dev/inbox` : null },
    plainHttp: webUrl.startsWith('http:'),
  };
}

function readOrigin(env: Environment, name: string, { digit, example }: { digit: number; example: string }): string {
  const given = env[name]?.trim();
  const mend = `Fix: set it in the environment, for example ${name}=${example}`;
  // Next's server is always in production. Guessing there would send every visitor to a port of their own machine.
  if (!given && env['NODE_ENV'] === 'production') throw new ConfigError(`${name} is not set. ${mend}`);
  const text = given ? given : `http://localhost:${env['ALVA_PORT_PREFIX'] ?? '300'}${digit}`;
  const origin = parseOrigin(text);
  if (origin !== undefined) return origin;
  throw new ConfigError(`${name} is ${JSON.stringify(text)}: must be an origin, without path or query. ${mend}`);
}

/** `http(s)://host[:port]` and nothing after it, as the services take it. */
function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text);
  const isOrigin = url && ['http:', 'https:'].includes(url.protocol) && url.href === `${url.origin}/`;
  return isOrigin ? url.origin : undefined;
}
