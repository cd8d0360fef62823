import t from 'tap';
import { parseEnvFile } from '../environment/env-file.ts';

void t.test('what people write in .env files is understood', async (t) => {
  const text = [
    '\uFEFF# a comment',
    'PLAIN=one two   # said about it',
    'export EXPORTED=yes',
    '  SPACED = x ',
    'EMPTY=\r',
    'ONLY_COMMENT= # nothing',
    "SINGLE='a # is kept, \\n too'  # gone",
    'DOUBLE="line\\nline"',
    'URL=postgres://a:b#c@host/db?x=1',
    'KEY="-----BEGIN KEY-----',
    'abc=',
    '-----END KEY-----"',
    'LAST=1',
  ].join('\n');
  t.strictSame(parseEnvFile(text, '.env'), {
    PLAIN: 'one two',
    EXPORTED: 'yes',
    SPACED: 'x',
    EMPTY: '',
    ONLY_COMMENT: '',
    SINGLE: 'a # is kept, \\n too',
    DOUBLE: 'line\nline',
    URL: 'postgres://a:b#c@host/db?x=1',
    KEY: '-----BEGIN KEY-----\nabc=\n-----END KEY-----',
    LAST: '1',
  });
});

void t.test('a line that sets nothing is refused with its file and number', async (t) => {
  const refused = {
    'A=1\nLOG_LEVEL debug': '.env:2: expected KEY=value. Correct the line or put # before it.',
    'A=1\n\n=x': '.env:3: expected KEY=value. Correct the line or put # before it.',
    '1A=x': '.env:1: expected KEY=value. Correct the line or put # before it.',
    'A="never\nclosed\nB=2': '.env:1: A starts with " that is never closed.',
    'A="x" y': '.env:1: there is something after the closing " of A.',
  };
  for (const [text, message] of Object.entries(refused)) {
    t.throws(() => parseEnvFile(text, '.env'), { name: 'Hint', message }, message);
  }
});
