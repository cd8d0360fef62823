import { problems } from '@alva/shared-types';
import t from 'tap';
import { KeysUnavailable, RoleRequired, TokenRejected } from '../src/index.ts';

void t.test('each error says what to answer, and nothing that helps whoever sent the token', async (t) => {
  const cause = new Error('nobody there');
  const errors = [
    [new TokenRejected('missing'), 'TokenRejected', { challenge: 'Bearer', reason: 'missing' }],
    [new TokenRejected('expired'), 'TokenRejected', { challenge: 'Bearer error="invalid_token"', reason: 'expired' }],
    [new RoleRequired('admin'), 'RoleRequired', { role: 'admin' }],
    [new KeysUnavailable(cause), 'KeysUnavailable', { retryAfter: 5, cause }],
  ] as const;
  for (const [error, name, details] of errors) {
    t.equal(error.name, name);
    t.match(error, details);
    t.same(problems[error.problem], { status: error.status, title: error.message }, 'as the catalogue has it');
  }
  t.same(
    errors.map(([{ problem }]) => problem),
    ['authentication-required', 'invalid-token', 'forbidden', 'keys-unavailable'],
  );
});
