import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, type FastifyPluginAsyncZod, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { LogLevel, TrustProxy } from '../config/fields.ts';
import type { Metrics } from '../operations/metrics.ts';
import { installProblems, refuse } from '../problems/install-problems.ts';
import { answerUnreadableRequest, refuseExpectations } from './framework-refusals.ts';
import { acceptOnlyJson } from './json-bodies.ts';
import { createLogger } from './logger.ts';
import { noticeProxies } from './notice-proxies.ts';
import { observeRequests } from './observe-requests.ts';
import { requestIdOf, traceparentOf } from './request-identity.ts';
import { hangUpOnStalledReaders } from './stalled-readers.ts';
import { validatorCompiler } from './validator-compiler.ts';
import { installVisitors } from './visitor.ts';

export type Server = FastifyInstance<HttpServer, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** A plugin that adds routes; its schemas type its handlers. */
export type Routes<Options extends object = object> = FastifyPluginAsyncZod<Options>;

export interface ServerOptions {
  name: string;
  /** Where the world reaches this service (AUTH_URL, API_URL): the base of problem types. Empty when it does not. */
  publicUrl: string;
  config: { NODE_ENV: string; LOG_LEVEL: LogLevel; TRUST_PROXY: TrustProxy };
  logger?: FastifyBaseLogger;
  metrics?: Metrics;
  bodyLimit?: number;
  /** Milliseconds before whoever stopped reading is hung up on; tests shorten it. */
  readerPatienceMs?: number | undefined;
}

/** Of a session, a person, a job, and what became of the request where the answer does not say: what one looks for at night. */
export interface Identifiers {
  readonly sid?: string;
  readonly sub?: string;
  readonly jobId?: string;
  /** A service that asks in its own name. */
  readonly client?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** The name of the limit that refused it. */
  readonly limit?: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Sent with every answer; `installSecurityHeaders` fills them in. */
    readonly baselineHeaders: Record<string, string>;
  }
  interface FastifyRequest {
    /** W3C trace context of the caller, or a new one: hand it on to jobs and other services. */
    readonly traceparent: string;
    givenTraceparent: string;
    /** Whom and what the request is about, for its log line. */
    identifiers: Identifiers | null;
    identify(identifiers: Identifiers): void;
  }
}

export const bodyLimit = 64 * 1024;

/** A Fastify instance with what every service shares: problems, JSON only, request ids, traces, logs without secrets. */
export function createServer(options: ServerOptions): Server {
  const { name, publicUrl, config } = options;
  const app = fastify({
    loggerInstance:
      options.logger ?? createLogger({ name, level: config.LOG_LEVEL, readable: config.NODE_ENV === 'development' }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: proxyTrust(config.TRUST_PROXY),
    bodyLimit: options.bodyLimit ?? bodyLimit,
    requestTimeout: 30_000,
    // While closing, requests that still arrive on open connections are served rather than failed; the connection
    // is told to close, so a rolling restart fails nobody.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerUnreadableRequest,
    frameworkErrors: (error, request, reply) => {
      // No hook has run for an address that cannot even be decoded.
      void reply.headers({ 'x-request-id': request.id, ...reply.server.baselineHeaders });
      refuse(error, request, reply, publicUrl);
    },
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorate('baselineHeaders', { 'x-content-type-options': 'nosniff' });
  app.decorateRequest('givenTraceparent', '');
  app.decorateRequest('traceparent', {
    // Made on first use: most requests never hand it on.
    getter(this: FastifyRequest) {
      return (this.givenTraceparent ||= traceparentOf(this.headers.traceparent));
    },
  });
  app.decorateRequest('identifiers', null);
  app.decorateRequest('identify', function (this: FastifyRequest, identifiers) {
    this.identifiers = { ...this.identifiers, ...identifiers };
  });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });

  refuseExpectations(app);
  hangUpOnStalledReaders(app, options.readerPatienceMs);
  installVisitors(app);
  acceptOnlyJson(app);
  installProblems(app, publicUrl);
  observeRequests(app, options);
  if (publicUrl !== '') noticeProxies(app, config.TRUST_PROXY);
  return app;
}

function proxyTrust(trust: TrustProxy): false | string[] | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust;
}
