'use client';
import { ProblemCallout } from '../problem-callout.tsx';
import { type Waiting } from './use-waiting.ts';

/** Shows the number by which a link opened elsewhere lets this browser in. Success shows by the session. */
export function OtherDevice({ waiting }: { waiting: Waiting }) {
  return (
    <div>
      {/* There from the start, so that nothing moves when the number comes. */}
      {waiting.name === 'asking' && <MatchingNumber />}
      {waiting.name === 'waiting' && <MatchingNumber number={waiting.number} />}
      {waiting.name === 'refused' && <ProblemCallout problem={waiting.problem} />}
      <p role="status" className="text-sm text-muted empty:hidden">
        {waiting.name === 'entering' ? 'Approved. Signing you in…' : ''}
      </p>
    </div>
  );
}

function MatchingNumber({ number }: { number?: string }) {
  return (
    <section
      aria-labelledby="matching-number"
      className="flex items-center gap-5 rounded-lg border border-line bg-sunken p-4"
    >
      <p className="tabular min-w-[5.5rem] shrink-0 rounded-md bg-surface px-4 py-3 text-center text-3xl font-semibold text-ink shadow-control">
        {number === undefined ? (
          <span aria-hidden="true">··</span>
        ) : (
          <>
            <span className="sr-only">Number: </span>
            {number}
          </>
        )}
      </p>
      <div className="grid gap-1 text-sm text-muted">
        <h2 id="matching-number" className="font-medium text-ink">
          Mail on another device?
        </h2>
        <p>Open the link there and type this number. This page goes on by itself. Never tell anybody the number.</p>
      </div>
    </section>
  );
}
