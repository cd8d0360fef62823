'use client';
import { Button, Callout } from '@alva/ui';
import { Check, Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';

/** Shown once. Whoever goes on without keeping them has nothing when the phone is gone. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const [copied, setCopied] = useState(false);
  const text = `${codes.join('\n')}\n`;

  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    Object.assign(document.createElement('a'), { href: url, download: 'alva-recovery-codes.txt' }).click();
    URL.revokeObjectURL(url);
  }

  return (
    <div className="grid max-w-[34rem] gap-4">
      <Callout tone="warning" role="status" title="Keep these recovery codes now">
        They are shown this once. Each gets you in one time when your phone is gone; without phone and codes only an
        administrator can help.
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
        <Button variant="secondary" onClick={download}>
          <Download aria-hidden="true" /> Download
        </Button>
        <Button variant="secondary" onClick={() => window.print()}>
          <Printer aria-hidden="true" /> Print
        </Button>
        <Button onClick={onKept}>I have kept them</Button>
      </div>
    </div>
  );
}
