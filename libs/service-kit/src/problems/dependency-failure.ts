/** Codes of sockets, name resolution, postgres.js, undici and node-postgres that all mean "the other side is not there". */
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/**
 * SQLSTATEs that will pass: connection exceptions (08), refused logins while roles change (28), a read-only standby
 * after a failover, serialization failures and deadlocks, out of resources (53), lock and statement time-outs,
 * shutdown and start-up (57P), broken storage (58).
 */
const passingSqlState = /^(08\w{3}|28\w{3}|25006|40001|40P01|53\w{3}|55P03|57014|57P0[1-5]|58\w{3})$/;

/** Of ioredis, and of the queue on either store. */
const unavailableNames = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'QueueUnavailableError']);
const redisReplies = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|MISCONF)\b/;
const lostConnection =
  /^(Connection is closed\.?|Connection terminated( unexpectedly| due to connection timeout)?|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable|Command timed out|Stream isn't writeable.*)$/;

/** True when an error says that a database, queue or other service could not be reached or asked us to come back. */
export function isDependencyFailure(error: unknown, depth = 0): boolean {
  // Drivers, Drizzle and fetch wrap the cause once or twice; the bound is for circular chains.
  if (!(error instanceof Error) || depth > 5) return false;
  if (saysUnavailable(error)) return true;
  if (error instanceof AggregateError && error.errors.some((inner) => isDependencyFailure(inner, depth + 1)))
    return true;
  return isDependencyFailure(error.cause, depth + 1);
}

function saysUnavailable(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    connectionCodes.has(code) ||
    (code.length === 5 && passingSqlState.test(code)) ||
    unavailableNames.has(error.name) ||
    (error.name === 'ReplyError' && redisReplies.test(error.message)) ||
    lostConnection.test(error.message)
  );
}
