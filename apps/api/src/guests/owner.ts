/** Whose things a request is about: a person's, or a guest's. */
export interface Owner {
  /** The person's `sub`, or the guest's id. */
  readonly userId: string;
  /** The person's session at auth; null for guests, who have none. */
  readonly sessionId: string | null;
}

/** The owner who sent a request. */
export interface PresentOwner extends Owner {
  /** From when until when the person's access token holds, in seconds since 1970; null for guests. */
  readonly token: { readonly iat: number; readonly exp: number } | null;
}

export function isGuest({ sessionId }: Owner): boolean {
  return sessionId === null;
}
