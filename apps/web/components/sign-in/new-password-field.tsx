import { Field, PasswordInput } from '@alva/ui';
import { passwordLength } from '@alva/validation';

interface NewPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  label?: string;
  optional?: boolean;
  autoFocus?: boolean;
}

export function NewPasswordField({
  value,
  onChange,
  error,
  label = 'New password',
  optional,
  autoFocus = false,
}: NewPasswordFieldProps) {
  return (
    <Field
      label={label}
      hint={error === undefined ? hintFor(value) : undefined}
      error={error}
      optional={optional ?? false}
    >
      {(control) => (
        <PasswordInput
          {...control}
          name="new-password"
          autoComplete="new-password"
          autoFocus={autoFocus}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function hintFor(value: string): string {
  const missing = passwordLength.min - Array.from(value).length;
  if (value === '' || missing === passwordLength.min)
    return `${passwordLength.min} characters or more. A few words that have nothing to do with each other are good.`;
  if (missing > 0) return `${missing} more ${missing === 1 ? 'character' : 'characters'}.`;
  return 'Long enough. Common and easily guessed ones are refused.';
}

/** What is wrong with its length, before anybody is asked. */
export function lengthProblem(value: string): string | undefined {
  const length = Array.from(value).length;
  if (length === 0) return 'Choose a password.';
  if (length < passwordLength.min) return `It needs at least ${passwordLength.min} characters.`;
  if (length > passwordLength.max) return `It can have at most ${passwordLength.max} characters.`;
  return undefined;
}
