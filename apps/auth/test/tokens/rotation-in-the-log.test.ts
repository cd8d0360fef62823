import t from 'tap';
import { startAuth, type Auth } from '../support/auth.ts';
import { letTimePass } from '../support/time.ts';

function rotationsIn({ logged }: Auth): Record<string, unknown>[] {
  const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.filter(({ msg }) => msg === 'another key signs tokens from now on');
}

t.test('every copy logs once that another key signs, which one, and what caused it', async (t) => {
  const one = await startAuth(t);
  const { database } = one;
  const copies = [one, await startAuth(t, { database })];
  const [{ keyRing, keyRotation }] = [one.resources];
  const kids = [keyRing.current().kid];
  const reload = async () => {
    for (let time = 0; time < 2; time++) for (const { resources } of copies) await resources.keyRing.reload();
    kids.push(keyRing.current().kid);
  };
  await letTimePass(database, '31 days');
  await reload();
  await keyRotation.rotateAtOnce(keyRing.current().kid, { cause: 'command' });
  await reload();
  await letTimePass(database, '1 hour');
  await keyRotation.rotate({ cause: 'administrator' });
  await reload();
  for (const copy of copies) {
    t.match(rotationsIn(copy), [
      { level: 'info', was: kids[0], kid: kids[1], cause: 'schedule' },
      { level: 'info', was: kids[1], kid: kids[2], cause: 'command' },
      { level: 'info', was: kids[2], kid: kids[3], cause: 'administrator' },
    ]);
    t.equal(rotationsIn(copy).length, 3);
  }
});
