/** What of a passkey was not right, for the log: a wrong domain or origin fails every one of them, and only that line tells. */
export type PasskeyFailure =
  | 'challenge'
  | 'origin'
  | 'type'
  | 'domain'
  | 'user-verification'
  | 'signature'
  | 'user-handle'
  | 'unknown'
  | 'answered'
  | 'sign-count'
  | 'malformed';

/** By how the library's messages begin, and never in its words: they quote the challenge, and whatever was sent. */
const beginnings: readonly (readonly [RegExp, PasskeyFailure])[] = [
  [/^Unexpected \w+ response challenge/, 'challenge'],
  [/^Unexpected \w+ response origin|^(Detected|Unexpected) (cross-origin|top origin)/, 'origin'],
  [/^Unexpected \w+ response type/, 'type'],
  [/^Unexpected RP ID/, 'domain'],
  [/^User /, 'user-verification'],
];

export function explainPasskeyFailure(error: unknown): PasskeyFailure {
  const message = error instanceof Error ? error.message : '';
  return beginnings.find(([beginning]) => beginning.test(message))?.[1] ?? 'malformed';
}
