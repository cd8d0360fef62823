import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { openBoardAssets } from '../src/board/board-assets.ts';

void t.test('a file that could not be read once is read when it is asked for again', async (t) => {
  const folder = t.testdir({ 'page.js': 'first' });
  const assets = await openBoardAssets(folder);
  const read = async () => assets('page.js');
  const [file, away] = [join(folder, 'page.js'), join(folder, 'away')];
  await rename(file, away);
  await t.rejects(read(), { code: 'ENOENT' });
  await rename(away, file);
  const asset = await read();
  t.match(asset, { encoding: 'gzip' });
  await writeFile(file, 'second');
  t.equal(await read(), asset, 'and kept from then on');
});
