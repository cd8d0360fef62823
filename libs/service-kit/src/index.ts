export { ConfigError } from './config/config-error.ts';
export { describeConfig, type VariableRow } from './config/describe-config.ts';
export {
  connectionUrl,
  durationSeconds,
  httpOrigin,
  isLoopback,
  countPerWindow,
  list,
  logLevel,
  port,
  secretKey,
  secretKeyCommand,
  trustProxy,
  wholeNumber,
  type LogLevel,
  type TrustProxy,
} from './config/fields.ts';
export { loadConfig, type Environment } from './config/load-config.ts';
export { refuseInProduction, type Refusal } from './config/production.ts';
export { serviceVariables, withDerivedAddresses } from './config/service-variables.ts';
export { variable, type VariableMeta } from './config/variable.ts';
export { createCounters, type Count, type Counters, type Limit, type Taken } from './limits/counters.ts';
export { openCounters } from './limits/open-counters.ts';
export { installRateLimits } from './limits/install-rate-limits.ts';
export { countFailures, limitFailures } from './limits/limit-failures.ts';
export { createLimiter, type Limiter, type Slot } from './limits/limiter.ts';
export { rateLimited, rateLimitHeaders, type Allowance } from './limits/rate-limited.ts';
export type { RedisConnection } from './limits/shared-counters.ts';
export { readPage, readPageBy, thingParams, type ListOrder, type Page, type Slice } from './lists/pages.ts';
export { eventStream } from './openapi/event-stream.ts';
export { installOpenApi, type OpenApiOptions } from './openapi/install-openapi.ts';
export { printOpenApi, standIn } from './openapi/print-openapi.ts';
export { problemResponses } from './openapi/problem-responses.ts';
export { refuseEmbeddedDatabase } from './operations/embedded-database.ts';
export { createDisposer, type Disposer } from './operations/disposer.ts';
export { installHealth } from './operations/health.ts';
export { createMetricsServer } from './operations/metrics-server.ts';
export { createMetrics, type Metrics } from './operations/metrics.ts';
export { installProxyCheck, type ProxyCheck } from './operations/proxy-check.ts';
export { createReadiness, type Readiness } from './operations/readiness.ts';
export { runService, type Listener, type ServiceDefinition } from './operations/run-service.ts';
export { version } from './operations/version.ts';
export { isDependencyFailure } from './problems/dependency-failure.ts';
export { noteProblem } from './problems/install-problems.ts';
export { ProblemError, type FieldError, type ProblemOptions } from './problems/problem-error.ts';
export { problemHeaders } from './problems/render-problem.ts';
export { toProblem } from './problems/to-problem.ts';
export { validationProblem } from './problems/validation-problem.ts';
export { attachment } from './server/attachment.ts';
export { installCors } from './server/cors.ts';
export {
  createServer,
  type Identifiers,
  type Routes,
  type Server,
  type ServerOptions,
} from './server/create-server.ts';
export { createLogger } from './server/logger.ts';
export { notFromElsewhere, onlyFromOwnPages } from './server/own-pages.ts';
export {
  expectedVersions,
  isExpected,
  isKnownVersion,
  preconditionFailed,
  versionTag,
  type ExpectedVersions,
} from './server/preconditions.ts';
export { traceIdOf } from './server/request-identity.ts';
export { installSecurityHeaders } from './server/security-headers.ts';
export { readVisitor, type Visitor } from './server/visitor.ts';
