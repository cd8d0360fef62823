import { Field, Input } from '@alva/ui';

interface RecoveryCodeFieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

export function RecoveryCodeField({ value, onChange, error }: RecoveryCodeFieldProps) {
  return (
    <Field label="Recovery code" error={error}>
      {(control) => (
        <Input
          {...control}
          name="recovery-code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          className="font-mono"
          placeholder="XXXXX-XXXXX-XXXXX-XXXXX"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
