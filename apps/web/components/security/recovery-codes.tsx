'use client';
import { Button, Callout } from '@alva/ui';
import { Check, Copy, Download, Printer } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { saveFile } from '../../lib/save-file.ts';

/** Shown once. Whoever goes on without keeping them has nothing when the phone is gone. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const [copied, setCopied] = useState(false);
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    shown.current?.focus();
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
  const text = `${codes.join('\n')}\n`;

  return (
    <div ref={shown} tabIndex={-1} className="grid max-w-[34rem] gap-4 outline-none">
      <Callout tone="warning" role="status" title="Save your recovery codes now">
        They are shown only once. Each works once if you lose your phone. Without them or a passkey, only an
        administrator can let you back in.
      </Callout>
      <ul
        aria-label="Recovery codes"
        className="grid gap-x-8 gap-y-1.5 rounded-lg border border-line bg-sunken p-4 font-mono text-sm text-ink sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2 print:hidden">
        <Button
          variant="secondary"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        >
          {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          <span role="status">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
        <Button variant="secondary" onClick={() => saveFile('alva-recovery-codes.txt', 'text/plain', text)}>
          <Download aria-hidden="true" /> Download
        </Button>
        <Button variant="secondary" onClick={() => window.print()}>
          <Printer aria-hidden="true" /> Print
        </Button>
      </div>
      <div className="print:hidden">
        <Button className="mt-2 w-full sm:w-auto" onClick={onKept}>
          I have saved them
        </Button>
      </div>
    </div>
  );
}
