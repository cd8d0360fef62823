import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hint } from '../hint.ts';
import { workspaceRoot } from '../paths.ts';
import { readEnvFile } from './env-file.ts';
import { stackPorts, type StackPorts } from './stack-ports.ts';

export interface StackEnvironment {
  ports: StackPorts;
  /**
   * What every process gets. DATABASE_URL is missing where the embedded Postgres is to be used, KEY_ENCRYPTION_KEY where
   * none was given: see `withDevelopmentKeys`.
   */
  variables: NodeJS.ProcessEnv;
  /** Whether the caller said production, although `variables` never do. */
  forProduction: boolean;
}

/** The process environment wins over `.env`, and that over what follows from the ports. */
export function readStackEnvironment(): StackEnvironment {
  // Each by itself: a file that one of them names and a value that the other holds are no contradiction.
  const given = { ...withUrls(readEnvFile(join(workspaceRoot, '.env'))), ...withUrls(process.env) };
  const ports = stackPorts(given['ALVA_PORT_PREFIX']);
  const webUrl = given['WEB_URL'] ?? `http://localhost:${ports.web}`;
  const sendsMail = ['SMTP_URL', 'RESEND_API_KEY'].some((name) => given[name] ?? given[`${name}_FILE`]);
  return {
    ports,
    forProduction: given['NODE_ENV'] === 'production',
    variables: {
      ...(sendsMail ? {} : { MAIL_TRANSPORT: 'inbox' }),
      WEB_URL: webUrl,
      API_URL: `http://localhost:${ports.api}`,
      AUTH_URL: `http://localhost:${ports.auth}`,
      AUTH_SERVICE_URL: `http://localhost:${ports.auth}`,
      CORS_ORIGINS: webUrl,
      ...given,
      // Whatever a container image or shell profile says: these commands are for development.
      NODE_ENV: 'development',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  };
}

/** In one line what npm start sets itself, where somebody set it and may expect it to count. */
export function describeOverruled({ ports, variables, forProduction }: StackEnvironment): string | undefined {
  const portNames = ['PORT', 'METRICS_PORT'].filter((name) => variables[name]);
  const names = [...(forProduction ? ['NODE_ENV'] : []), ...portNames];
  if (names.length === 0) return undefined;
  const ours = `NODE_ENV=development, and the ports from ${ports.web} on by ALVA_PORT_PREFIX`;
  return `npm start is for development and sets ${ours}. Without effect here: ${names.join(', ')}.`;
}

/** Reads the files of the URLs that the tools use themselves; the services read those of all other secrets. */
function withUrls(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const variables = withoutEmpty(all);
  for (const name of ['DATABASE_URL', 'REDIS_URL']) {
    const file = variables[`${name}_FILE`];
    if (!file) continue;
    if (variables[name]) throw new Hint(`${name} and ${name}_FILE are both set. Keep one of the two.`);
    variables[name] = readUrl(`${name}_FILE`, file);
    // A service would take the two for a contradiction.
    variables[`${name}_FILE`] = undefined;
  }
  return variables;
}

/** An empty file is a mistake: the embedded database in its place would be one nobody notices. */
function readUrl(name: string, file: string): string {
  try {
    const url = readFileSync(file, 'utf8').trim();
    if (url) return url;
  } catch (error) {
    throw new Hint(`${name} names a file that cannot be read: ${(error as Error).message}`);
  }
  throw new Hint(`${name} names ${file}, which is empty.`);
}

/** An empty value counts as unset, as in the services themselves. */
function withoutEmpty(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
}
