import t from 'tap';
import { formatAgo, formatDate } from '../lib/format.ts';

const minute = 60_000;
const [hour, day] = [60 * minute, 24 * 60 * minute];

void t.test('how long ago something was is said in the unit that fits, and as a date after 30 days', async (t) => {
  const ago = (milliseconds: number) => formatAgo(new Date(Date.now() - milliseconds).toISOString());
  t.equal(ago(-5 * minute), 'just now', 'a clock that is ahead');
  t.equal(ago(10_000), 'just now');
  t.equal(ago(minute), '1 minute ago');
  t.equal(ago(59 * minute), '59 minutes ago');
  t.equal(ago(hour), '1 hour ago');
  t.equal(ago(day - minute), '23 hours ago');
  t.equal(ago(day), 'yesterday');
  t.equal(ago(30 * day), '30 days ago');
  const longAgo = new Date(Date.now() - 31 * day).toISOString();
  t.equal(formatAgo(longAgo), formatDate(longAgo));
});
