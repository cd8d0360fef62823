import { Field, PasswordInput } from '@alva/ui';

interface CurrentPasswordFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  label?: string;
  autoFocus?: boolean;
}

export function CurrentPasswordField({
  value,
  onChange,
  error,
  label = 'Password',
  autoFocus = false,
}: CurrentPasswordFieldProps) {
  return (
    <Field label={label} error={error}>
      {(control) => (
        <PasswordInput
          {...control}
          name="current-password"
          autoComplete="current-password"
          autoFocus={autoFocus}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
