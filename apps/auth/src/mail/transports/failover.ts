import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../../metrics.ts';
import { MailRefusedError, MailUnavailableError, type MailTransport } from '../mail.ts';

export interface FailoverOptions {
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info'>;
  readonly metrics: Pick<AuthMetrics, 'setMailTransport'>;
  /** Milliseconds; tests move it. */
  readonly now?: () => number;
}

/** Long enough that a dead server costs next to nothing, short enough that the first choice is soon used again. */
const rest = 60_000;

/**
 * Several ways out, in the order of preference. One that takes no mail at all is passed over for a minute; where all of them
 * rest, the one that rests longest is asked, so mail goes out as soon as any of them is back.
 */
export function createFailover(transports: readonly MailTransport[], options: FailoverOptions): MailTransport {
  const { log, metrics, now = Date.now } = options;
  const ways = transports.map((transport) => ({ transport, restsUntil: 0 }));
  for (const { name } of transports) metrics.setMailTransport(name, true);

  function pickWays() {
    const awake = ways.filter(({ restsUntil }) => restsUntil <= now());
    return awake.length > 0 ? awake : ways.toSorted((a, b) => a.restsUntil - b.restsUntil).slice(0, 1);
  }

  function judge(way: (typeof ways)[number], isUsable: boolean, err?: unknown): void {
    const transport = way.transport.name;
    if (isUsable && way.restsUntil > 0) log.info({ transport }, 'mail goes out this way again');
    if (!isUsable && way.restsUntil === 0) log.warn({ transport, err }, 'no mail goes out this way');
    way.restsUntil = isUsable ? 0 : now() + rest;
    metrics.setMailTransport(transport, isUsable);
  }

  return {
    name: transports.map(({ name }) => name).join(', '),
    async send(id, mail, signal) {
      const failures: Error[] = [];
      for (const way of pickWays()) {
        try {
          const receipt = await way.transport.send(id, mail, signal);
          judge(way, true);
          return receipt;
        } catch (error) {
          if (signal.aborted) throw error;
          // What one of them will never take, because of whom it is for, the others would only bounce.
          if (error instanceof MailRefusedError) {
            judge(way, true);
            throw error;
          }
          if (error instanceof MailUnavailableError) judge(way, false, error);
          failures.push(error instanceof Error ? error : new Error('failed'));
        }
      }
      throw summaryOf(failures);
    },
    close: () => transports.forEach((transport) => transport.close()),
  };
}

function summaryOf(failures: readonly Error[]): Error {
  const message = failures.map((failure) => failure.message).join('; ');
  const pauses = failures.map((failure) => (failure instanceof MailUnavailableError ? failure.retryAfter : undefined));
  const asked = pauses.filter((pause) => pause !== undefined);
  // Only when all of them want to be left alone.
  return asked.length === failures.length ? new MailUnavailableError(message, Math.min(...asked)) : new Error(message);
}
