'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** The one thing support asks for, ready to be copied. */
export function RequestId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-subtle">
      Request id <code className="font-mono text-xs break-all text-muted">{id}</code>
      <button
        type="button"
        className="inline-flex h-6 items-center gap-1 rounded-xs px-1.5 text-xs text-accent-ink hover:bg-hover"
        onClick={() => void navigator.clipboard.writeText(id).then(() => setCopied(true))}
      >
        {copied ? <Check aria-hidden="true" className="size-3.5" /> : <Copy aria-hidden="true" className="size-3.5" />}
        <span role="status">{copied ? 'Copied' : 'Copy'}</span>
      </button>
    </p>
  );
}
