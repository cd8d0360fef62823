import t from 'tap';
import { problems } from '../src/index.ts';

void t.test(
  'every problem has a kebab-case code, an error status and a title that ends without a full stop',
  async (t) => {
    for (const [code, problem] of Object.entries(problems)) {
      t.match(code, /^[a-z]+(-[a-z]+)*$/);
      t.ok(problem.status >= 400 && problem.status < 600, code);
      t.match(problem.title, /^[A-Z].*[^.]$/, code);
    }
  },
);
