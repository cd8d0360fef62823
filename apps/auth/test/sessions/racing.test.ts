import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });
const urls = [auth.url, copy.url];

t.test(
  '19: 1,000 rounds of racing refreshes over two copies: no false sign-out, one chain, one successor',
  async (t) => {
    const [people, rounds] = [20, 50];
    const trouble: string[] = [];
    let presented = 0;

    /** Tabs, retries and late answers: each round presents the current token several times at once, and the one before. */
    async function live(person: number): Promise<string> {
      const { token, sessionId } = await openSession(auth);
      let [previous, current] = ['', token];
      for (let round = 0; round < rounds; round++) {
        const racing = Array.from({ length: 2 + ((person + round) % 4) }, () => current);
        if (previous && round % 3 === 0) racing.push(previous);
        const answers = await Promise.all(racing.map((value, n) => refresh(urls[(n + round) % 2] ?? auth.url, value)));
        presented += answers.length;
        for (const { status, text } of answers) if (status !== 200) trouble.push(`${status} ${text}`);
        // The predecessor may have been answered before or after the rotation: with the current token or with its successor.
        const successors = new Set(answers.filter(({ status }) => status === 200).map(successorIn));
        successors.delete(current);
        if (successors.size !== 1) trouble.push(`${successors.size} successors`);
        [previous, current] = [current, [...successors][0] ?? current];
        // The chain's limit is fifty links in ten seconds, and a person does not renew that fast.
        if (round % 25 === 24) {
          await auth.database
            .sql`update auth.refresh_tokens set created_at = created_at - interval '11 seconds' where session_id = ${sessionId}`;
        }
      }
      return sessionId;
    }

    const sessions = await Promise.all(Array.from({ length: people }, (_, person) => live(person)));
    t.strictSame(trouble, []);
    const chains = await auth.database.sql`
    select count(*)::int as links, count(*) filter (where spent_at is null)::int as current
    from auth.refresh_tokens where session_id in ${auth.database.sql(sessions)} group by session_id`;
    t.strictSame(new Set(chains.map(({ links, current }) => `${links} ${current}`)), new Set([`${rounds + 1} 1`]));
    t.equal(chains.length, people);
    t.comment(`${people * rounds} rounds, ${presented} refreshes, ${trouble.length} troubles`);
  },
);
