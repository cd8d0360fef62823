import { Field, Input } from '@alva/ui';
import { emailAddress } from '@alva/validation';

interface EmailFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  /** With `webauthn`, browsers suggest passkeys as well. */
  autoComplete?: 'email' | 'username' | 'username webauthn';
  autoFocus?: boolean;
}

export function EmailField({ value, onChange, error, autoComplete = 'email', autoFocus = false }: EmailFieldProps) {
  return (
    <Field label="E-mail address" error={error}>
      {(control) => (
        <Input
          {...control}
          type="email"
          name="email"
          autoComplete={autoComplete}
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          placeholder="you@company.com"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** The address in its one spelling, or what is wrong with it. */
export function readEmail(typed: string): { address: string; invalid?: never } | { address?: never; invalid: string } {
  const { data: address } = emailAddress.safeParse(typed.trim());
  if (address !== undefined) return { address };
  return {
    invalid:
      typed.trim() === ''
        ? 'Enter your e-mail address.'
        : 'This is not a complete e-mail address, like name@example.com.',
  };
}
