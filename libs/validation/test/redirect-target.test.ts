import t from 'tap';
import { isLocalPath, redirectTarget } from '../src/index.ts';

void t.test('11: a redirect stays on the site', async (t) => {
  for (const path of [
    '/',
    '/plans',
    '/plans/1?tab=tasks#top',
    '/a/b-c_d~e',
    '/plans?next=https://x.de',
    '/a/../b',
    '/..',
    '/a//b',
    '/?to=/..//e',
  ])
    t.ok(isLocalPath(path), path);
  const leaving = [
    '//e',
    '/\\e',
    '\\/e',
    '///e',
    'https:e',
    'https:/e',
    'http:///e',
    '@e',
    'e',
    '',
    '/\t/e',
    '/\n/e',
    '\t//e',
    ' //e',
    '/%2f/e',
    '/%2Fe',
    '/%5ce',
    '/%09/e',
    'javascript:alert(1)',
    'data:text/html,x',
    '/ä',
    '/a b',
    '/%0d%0aSet-Cookie:x',
    '//e@f',
    '/\u2028/e',
    '/..//e',
    '/.//e',
    '/%2e%2e//e',
    '/.%2E//e',
    '/%2e//e?x#y',
    '/a/..//e',
    '/x//../..//e',
    '/a/b/../..//e',
    '/..///e',
    '/../%2fe',
  ];
  // Encoded, because a bare line separator in a name would end the line in the report.
  for (const target of leaving) t.notOk(isLocalPath(target), encodeURI(target));
});

void t.test('absolute targets are plain http(s) URLs, for the allow-list to judge', async (t) => {
  t.ok(redirectTarget.safeParse('https://app.example.com/x').success);
  const refused = [
    'https:e',
    'https://a@b',
    'ftp://a.de',
    'https://a\\b',
    'https:///x',
    'javascript:1',
    'https://a.de/\u0000',
    'https://a.de/\u001f',
    'https://a.de/\u007f',
    'https://a.de/ä',
  ];
  for (const target of refused) t.notOk(redirectTarget.safeParse(target).success, encodeURI(target));
});
