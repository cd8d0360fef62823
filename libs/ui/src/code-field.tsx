'use client';
import { OTPField } from '@base-ui/react/otp-field';
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';
import { FieldError } from './field.tsx';

interface CodeFieldProps {
  label: string;
  length: number;
  value: string;
  onValueChange: (value: string) => void;
  /** Called once all places are filled, by typing or pasting. */
  onComplete: (value: string) => void;
  error?: string | undefined;
  readOnly?: boolean;
  /** Digits only: phones show their number pad. */
  digits?: boolean;
  autoFocus?: boolean;
}

/** A short code, one box a character; a pasted code may hold spaces, dashes and lower case. */
export function CodeField({
  label,
  length,
  value,
  onValueChange,
  onComplete,
  error,
  readOnly = false,
  digits = false,
  autoFocus = false,
}: CodeFieldProps) {
  const id = useId();
  const first = useRef<HTMLInputElement>(null);
  const inBrowser = useSyncExternalStore(never, isBrowser, () => false);
  useEffect(() => {
    // A refused code is typed anew from its first character.
    if (error !== undefined) first.current?.focus();
  }, [error]);
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      {/* It hides an input by a style attribute, which the content policy of a page drawn on a server refuses. */}
      {inBrowser ? (
        <OTPField.Root
          id={id}
          length={length}
          value={value}
          readOnly={readOnly}
          validationType={digits ? 'numeric' : 'alphanumeric'}
          normalizeValue={(text) => text.toUpperCase()}
          onValueChange={onValueChange}
          onValueComplete={onComplete}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          className="grid grid-cols-6 gap-1.5 sm:gap-2"
        >
          {Array.from({ length }, (_, index) => (
            <OTPField.Input
              key={index}
              ref={index === 0 ? first : undefined}
              autoFocus={autoFocus && index === 0}
              aria-label={index === 0 ? undefined : `Character ${index + 1} of ${length}`}
              aria-invalid={error === undefined ? undefined : true}
              className="h-13 w-full min-w-0 rounded-md border border-edge/80 bg-surface text-center font-mono text-xl text-ink uppercase shadow-control transition-colors focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent aria-invalid:border-danger"
            />
          ))}
        </OTPField.Root>
      ) : (
        <div className="h-13" />
      )}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}

const never = () => () => undefined;
const isBrowser = () => true;
