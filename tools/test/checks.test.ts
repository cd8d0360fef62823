import t from 'tap';
import { findCycle } from '../checks/project-graph.ts';
import { parseTotals } from '../checks/tap-tasks.ts';

void t.test("tap's last word is understood", async (t) => {
  t.strictSame(parseTotals('…\n# { total: 9, pass: 9 }\n# time=1ms'), { passed: 9, failed: 0, skipped: 0 });
  t.strictSame(parseTotals('# { total: 9, pass: 4, fail: 2, skip: 2, todo: 1 }'), { passed: 4, failed: 2, skipped: 3 });
  t.equal(parseTotals('tap crashed before counting'), undefined);
});

void t.test('projects that lean on each other in a circle are named', async (t) => {
  t.equal(findCycle({ web: ['ui', 'types'], ui: ['types'], types: [] }), undefined);
  t.strictSame(findCycle({ web: ['ui'], ui: ['types'], types: ['ui'] }), ['ui', 'types', 'ui']);
});
