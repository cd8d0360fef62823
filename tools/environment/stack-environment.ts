import { join } from 'node:path';
import { workspaceRoot } from '../paths.ts';
import { ensureDevelopmentKeys } from './development-keys.ts';
import { readEnvFile } from './env-file.ts';
import { stackPorts, type StackPorts } from './stack-ports.ts';

export interface StackEnvironment {
  ports: StackPorts;
  /** What every process gets; DATABASE_URL is missing where the embedded Postgres is to be used. */
  variables: NodeJS.ProcessEnv;
}

/** The process environment wins over `.env`, and that over what follows from the ports. */
export function readStackEnvironment(): StackEnvironment {
  const given = withoutEmpty({ ...readEnvFile(join(workspaceRoot, '.env')), ...withoutEmpty(process.env) });
  const ports = stackPorts(given['ALVA_PORT_PREFIX']);
  const webUrl = given['WEB_URL'] ?? `http://localhost:${ports.web}`;
  const hasOwnKeys = given['KEY_ENCRYPTION_KEY'] ?? given['KEY_ENCRYPTION_KEY_FILE'];
  const sendsMail = given['SMTP_URL'] ?? given['RESEND_API_KEY'] ?? given['RESEND_API_KEY_FILE'];
  return {
    ports,
    variables: {
      ...(hasOwnKeys ? {} : ensureDevelopmentKeys()),
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

/** An empty value counts as unset, as in the services themselves. */
function withoutEmpty(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value));
}
