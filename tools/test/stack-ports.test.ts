import t from 'tap';
import { stackPorts } from '../environment/stack-ports.ts';

void t.test('one prefix moves every port', async (t) => {
  t.match(stackPorts(), {
    web: 3000,
    api: 3001,
    auth: 3002,
    worker: 3003,
    postgres: 3004,
    authMetrics: 3005,
    apiMetrics: 3006,
  });
  t.match(stackPorts('310'), { web: 3100, apiMetrics: 3106 });
});

void t.test('a prefix that makes no ports is refused by name', async (t) => {
  for (const prefix of ['', 'abc', '30x', '-300', '1', '6553', '99999']) {
    t.throws(() => stackPorts(prefix), { name: 'Hint', message: /^ALVA_PORT_PREFIX is / }, prefix);
  }
});
