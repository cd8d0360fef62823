import t from 'tap';
import { createStreamPlaces } from '../../src/sessions/stream-places.ts';

t.test('whoever takes all places takes them from themselves', async (t) => {
  const places = createStreamPlaces({ perAddress: 4, inAll: 10 });
  const gone: string[] = [];
  const take = (address: string, name = address) => places.take(address, () => gone.push(name));
  const verifier = take('203.0.113.9');
  for (let subnet = 0; subnet < 9; subnet++) t.ok(take(`2001:db8:1:${subnet}::/64`));
  t.equal(places.size, 10);
  t.ok(take('198.51.100.1'), 'a stranger is let in');
  t.strictSame(gone, ['2001:db8:1:0::/64'], 'by the oldest of the network that holds the most');
  t.ok(take('2001:db8:1:ff::/64'));
  t.strictSame(gone, ['2001:db8:1:0::/64', '2001:db8:1:1::/64']);
  verifier?.();
  t.equal(places.size, 9);
  for (const name of ['a', 'b', 'c']) t.ok(take('198.51.100.1', name));
  t.equal(take('198.51.100.1', 'e'), undefined, 'each address has its own bound');
});

t.test('networks whose digits read alike are not one', async (t) => {
  const places = createStreamPlaces({ perAddress: 1, inAll: 3 });
  const letGo: string[] = [];
  const take = (address: string) => places.take(address, () => letGo.push(address));
  take('2001:db81:0:1::/64');
  take('2001:db8:10:1::/64');
  take('2001:db8:10:2::/64');
  take('192.0.2.1');
  t.strictSame(letGo, ['2001:db8:10:1::/64']);
});
