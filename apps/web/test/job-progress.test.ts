import { type JobEvent } from '@alva/validation';
import t from 'tap';
import { advance, isOver, noProgress } from '../lib/job-progress.ts';

const after = (...events: JobEvent[]) => events.reduce(advance, noProgress);
const running = (seq: number, attempt = 1): JobEvent => ({ seq, event: 'state', data: { state: 'running', attempt } });
const delta = (seq: number, text: string, heading?: string): JobEvent => ({
  seq,
  event: 'delta',
  data: { part: 'blog', text, ...(heading !== undefined && { heading }) },
});

void t.test('text appears as it is written, under the heading it began with', async (t) => {
  const { parts, seq } = after(running(1), delta(2, 'Two ', 'Answers'), delta(3, 'a month'));
  t.same(parts, [{ part: 'blog', heading: 'Answers', text: 'Two a month' }]);
  t.equal(seq, 3);
});

void t.test('what is told again after a reconnect is not written twice', async (t) => {
  const once = after(running(1), delta(2, 'a'), delta(3, 'b'));
  t.equal([running(1), delta(2, 'a'), delta(3, 'b')].reduce(advance, once), once);
  t.equal(advance(once, delta(4, 'c')).parts[0]?.text, 'abc');
});

void t.test('the place in line is told without a number of its own, as often as it changes', async (t) => {
  const place = (position: number): JobEvent => ({
    seq: 1,
    event: 'state',
    data: { state: 'queued', attempt: 0, position },
  });
  t.equal(after(place(3), place(2)).position, 2);
  t.equal(after(place(3), running(2)).position, null);
});

void t.test('a new attempt keeps what the one before had written until it has text of its own', async (t) => {
  const step: JobEvent = { seq: 3, event: 'step', data: { step: 'Writing the blog', percent: 40 } };
  const again = after(running(1), delta(2, 'half a senten'), step, running(4, 2));
  t.match(again, { attempt: 2, parts: [], steps: [], percent: 0, earlierParts: [{ text: 'half a senten' }] });
  t.match(advance(again, delta(5, 'A whole one.')), { parts: [{ text: 'A whole one.' }] });
  t.match(advance(again, running(5, 3)), { earlierParts: [{ text: 'half a senten' }] }, 'also over an empty attempt');
});

void t.test('a step that is repeated is one step', async (t) => {
  const step = (seq: number, name: string, percent: number): JobEvent => ({
    seq,
    event: 'step',
    data: { step: name, percent },
  });
  t.match(after(step(1, 'Reading', 5), step(2, 'Writing', 10), step(3, 'Writing', 20)), {
    steps: ['Reading', 'Writing'],
    percent: 20,
  });
});

void t.test('a failure tells why, and is an end like success and cancelling', async (t) => {
  const error = { code: 'provider-quota', detail: 'The credit is used up.' };
  const progress = after(
    running(1),
    { seq: 2, event: 'error', data: error },
    { seq: 3, event: 'state', data: { state: 'failed', attempt: 1 } },
  );
  t.same(progress.error, error);
  t.same(
    [null, 'queued', 'running', 'succeeded', 'failed', 'cancelled'].filter(isOver as (state: unknown) => boolean),
    ['succeeded', 'failed', 'cancelled'],
  );
});
