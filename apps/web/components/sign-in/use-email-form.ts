'use client';
import { useState, type SubmitEvent } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { readEmail } from './email-field.tsx';

/** A form that asks for an address and nothing else. */
export function useEmailForm(initialEmail: string, send: (address: string) => Promise<void>) {
  const [email, setEmail] = useState(initialEmail);
  const [invalid, setInvalid] = useState<string>();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const { address, invalid: wrong } = readEmail(email);
    setInvalid(wrong);
    if (address === undefined) {
      event.currentTarget.querySelector('input')?.focus();
      return;
    }
    setProblem(undefined);
    setPending(true);
    try {
      await send(address);
    } catch (error) {
      setProblem(tell(error));
    } finally {
      setPending(false);
    }
  }

  return { email, setEmail, invalid, problem, pending, submit };
}
