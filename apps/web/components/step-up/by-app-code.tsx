'use client';
import { CodeForm } from './code-form.tsx';
import { useShow, type WayProps } from './use-show.ts';

export function ByAppCode({ onDone }: WayProps) {
  const { show, pending, wrong, problem } = useShow(onDone);
  return (
    <CodeForm
      label="Code from your authenticator app"
      digits
      pending={pending}
      wrong={wrong && 'This code is not right, or was used already. Wait for the next one.'}
      problem={problem}
      onComplete={(code) => void show(() => ({ code }))}
    />
  );
}
