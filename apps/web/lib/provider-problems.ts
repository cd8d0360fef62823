interface Explained {
  title: string;
  detail: string;
}

/** What became of a sign-in at a provider, or of connecting one, by the code that auth leads the browser back with. */
export function explainProviderProblem(code: string, label: string): Explained {
  const explanations: Record<string, Explained> = {
    'provider-cancelled': {
      title: 'You did not sign in',
      detail: `It was cancelled at ${label}. Nothing has happened; try again or choose another way.`,
    },
    'provider-refused': {
      title: 'That did not work',
      detail: `We could not trust the answer that came from ${label}, so nobody was signed in. Try once more. If it stays like this, sign in by e-mail.`,
    },
    'provider-unavailable': {
      title: `${label} does not answer`,
      detail: 'It is not you. Try again in a moment, or sign in by e-mail meanwhile.',
    },
    'provider-answer-late': {
      title: 'That took too long',
      detail: `For your safety the way to ${label} and back is open for ten minutes, and only as long as you stay signed in where you began it. Start again.`,
    },
    'provider-answer-used': {
      title: 'This was used already',
      detail: 'Each sign-in counts once. If you are signed in, all is well; if not, start again.',
    },
    'attempt-unknown': {
      title: 'This browser did not ask for that',
      detail: 'A sign-in ends where it began. Start again here, and allow cookies for this site.',
    },
    'address-unverified': {
      title: `${label} has not confirmed your address`,
      detail: `So we do not know which account is yours. Sign in by e-mail, then connect ${label} under Settings, Security. From then on it lets you in.`,
    },
    'identity-taken': {
      title: `This ${label} account is already in use`,
      detail: `Somebody already signs in to Alva with it. Disconnect it there first, or choose another one.`,
    },
    'account-disabled': {
      title: 'This account is disabled',
      detail: 'Ask whoever runs this installation about it.',
    },
    'rate-limited': {
      title: 'That was a little too often',
      detail: 'Wait a few minutes, then try again.',
    },
  };
  return (
    (Object.hasOwn(explanations, code) ? explanations[code] : undefined) ?? {
      title: 'That did not work',
      detail: 'Something went wrong on our side. Try again in a moment, or choose another way.',
    }
  );
}
