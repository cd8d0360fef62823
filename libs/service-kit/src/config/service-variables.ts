import { z } from 'zod';
import { connectionUrl, countPerWindow, httpOrigin, list, logLevel, port, trustProxy } from './fields.ts';
import { variable } from './variable.ts';

/** The variables every service has; spread into its own `z.object`. Defaults suit a developer's machine. */
export function serviceVariables(defaults: { port: number; metricsPort: number }) {
  return {
    NODE_ENV: variable(
      z
        .enum(['development', 'test', 'production'], { error: 'must be development, test or production' })
        .prefault('development'),
      'development, test or production; production refuses settings that are only safe on one machine',
    ),
    HOST: variable(z.string().prefault('localhost'), 'Address to listen on; 0.0.0.0 or :: inside a container'),
    PORT: variable(port().prefault(String(defaults.port)), 'Port to listen on', { example: String(defaults.port) }),
    METRICS_HOST: variable(z.string().prefault('127.0.0.1'), 'Address of the internal port; keep it off the internet'),
    METRICS_PORT: variable(
      port().prefault(String(defaults.metricsPort)),
      'Internal port: /metrics, /healthz, /readyz',
      {
        example: String(defaults.metricsPort),
      },
    ),
    LOG_LEVEL: variable(logLevel().prefault('info'), 'trace, debug, info, warn, error, fatal or silent'),
    DATABASE_URL: variable(connectionUrl('postgres', 'postgresql'), 'Postgres; unset, npm start runs an embedded one', {
      secret: true,
      example: 'postgres://alva:password@localhost:5432/alva',
    }),
    REDIS_URL: variable(
      connectionUrl('redis', 'rediss').optional(),
      'Redis for queues, messages and limits; unset, all of it runs on Postgres',
      {
        secret: true,
        example: 'redis://localhost:6379',
      },
    ),
    ...addressVariables(),
    REQUEST_LIMIT: variable(
      countPerWindow('300/1m'),
      'Requests one network address can make, save health checks and where failures are limited',
    ),
    TRUST_PROXY: variable(
      trustProxy().prefault('0'),
      'How many proxies stand in front, or their addresses (CIDR list)',
      {
        example: '1',
      },
    ),
  };
}

function addressVariables() {
  return {
    WEB_URL: variable(httpOrigin().prefault('http://localhost:3000'), 'Public address of the web app', {
      requiredInProduction: true,
      example: 'https://app.example.com',
    }),
    API_URL: variable(httpOrigin().prefault('http://localhost:3001'), 'Public address of the api', {
      requiredInProduction: true,
      example: 'https://api.example.com',
    }),
    AUTH_URL: variable(
      httpOrigin().prefault('http://localhost:3002'),
      'Public address of auth, the issuer of all tokens',
      {
        requiredInProduction: true,
        example: 'https://auth.example.com',
      },
    ),
    AUTH_SERVICE_URL: variable(
      httpOrigin().optional(),
      'Address of auth for other services, where it differs from the public one',
      {
        defaultText: 'same as AUTH_URL',
        example: 'http://auth:3002',
      },
    ),
    CORS_ORIGINS: variable(
      list(httpOrigin()).optional(),
      'Origins whose pages may call this service, comma-separated',
      {
        defaultText: 'same as WEB_URL',
        example: 'https://app.example.com',
      },
    ),
  };
}

interface Addresses {
  WEB_URL: string;
  AUTH_URL: string;
  AUTH_SERVICE_URL?: string | undefined;
  CORS_ORIGINS?: string[] | undefined;
}

/** Fills in what follows from other variables: `z.object({...}).transform(withDerivedAddresses)`. */
export function withDerivedAddresses<Config extends Addresses>(config: Config) {
  return {
    ...config,
    AUTH_SERVICE_URL: config.AUTH_SERVICE_URL ?? config.AUTH_URL,
    CORS_ORIGINS: config.CORS_ORIGINS ?? [config.WEB_URL],
  };
}
