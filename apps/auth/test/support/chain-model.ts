/** What decision 0004 promises of one session, without a database: the oracle of the property tests. Times are milliseconds. */
export type Outcome = 'rotated' | 'retried' | 'reused' | 'refused';

interface Link {
  readonly token: string;
  readonly expiresAt: number;
  spentAt?: number;
}

const grace = 10_000;
/** The model's clock and the database's agree to this; what is decided within it is not for the model to say. */
const uncertainty = 1_500;

export class ChainModel {
  readonly links: Link[];
  readonly expiresAt: number;
  readonly idleLifetime: number;
  isEnded = false;

  constructor(token: string, at: number, { idleLifetime, maximumAge }: { idleLifetime: number; maximumAge: number }) {
    this.idleLifetime = idleLifetime * 1000;
    this.expiresAt = at + maximumAge * 1000;
    this.links = [{ token, expiresAt: Math.min(at + this.idleLifetime, this.expiresAt) }];
  }

  get current(): Link {
    const link = this.links.at(-1);
    if (!link) throw new Error('A chain has at least one link');
    return link;
  }

  /** Whether an access token of it is good, as far as the session goes. */
  isOpen(at: number): boolean {
    return !this.isEnded && at < this.expiresAt;
  }

  /** Whether some limit of time lies so near that either side may be right. */
  isUncertain(index: number, at: number): boolean {
    const link = this.links[index];
    const limits = [
      this.expiresAt,
      this.current.expiresAt,
      link?.expiresAt ?? Infinity,
      (link?.spentAt ?? Infinity) + grace,
    ];
    return limits.some((limit) => Math.abs(at - limit) < uncertainty);
  }

  predict(index: number, at: number): Outcome {
    const link = this.links[index];
    if (!link || !this.isOpen(at) || at >= this.current.expiresAt) return 'refused';
    if (link.spentAt === undefined) return 'rotated';
    if (at - link.spentAt < grace || index === this.links.length - 2) return 'retried';
    return at >= link.expiresAt ? 'refused' : 'reused';
  }

  /** What the answer changed. */
  apply(outcome: Outcome, at: number, successor?: string): void {
    if (outcome === 'reused') this.isEnded = true;
    if (outcome !== 'rotated' || successor === undefined) return;
    this.current.spentAt = at;
    this.links.push({ token: successor, expiresAt: Math.min(at + this.idleLifetime, this.expiresAt) });
  }
}
