const secretKeys = new Set(
  [
    ...['authorization', 'cookie', 'set-cookie', 'x-guest-token', 'password', 'secret'],
    ...['token', 'accessToken', 'refreshToken', 'idToken', 'guestToken', 'client_secret', 'html', 'link', 'body'],
  ].map((key) => key.toLowerCase()),
);

/**
 * A copy of what is to be logged, secrets replaced by their absence. A second line of defence: the first is that nobody
 * logs headers or bodies. Pino's own redaction would do this for every request's logger, logged to or not, and cost more
 * than routing the request.
 */
export function withoutSecrets(values: Record<string, unknown>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      secretKeys.has(key.toLowerCase()) ? '[redacted]' : clean(value, depth),
    ]),
  );
}

function clean(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth < 4 ? value.map((item) => clean(item, depth + 1)) : '[deep]';
  // Errors and other instances have serializers of their own.
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return depth < 4 ? withoutSecrets(value as Record<string, unknown>, depth + 1) : '[deep]';
}
