import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const texts: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};
const images: Readonly<Record<string, string>> = { '.ico': 'image/x-icon', '.png': 'image/png' };

export interface BoardAsset {
  readonly type: string;
  readonly body: Buffer;
  readonly encoding?: 'gzip';
}

/** The files below a folder by their names. Only names that were found there are looked up, so no name leads elsewhere. */
export async function openBoardAssets(folder: string): Promise<(name: string) => Promise<BoardAsset> | undefined> {
  const found = await readdir(folder, { recursive: true });
  const names = new Set(found.map((name) => name.replaceAll(sep, '/')));
  const kept = new Map<string, Promise<BoardAsset>>();

  function keep(name: string, asset: Promise<BoardAsset>): Promise<BoardAsset> {
    kept.set(name, asset);
    // What could not be read is tried again by whoever asks next.
    asset.catch(() => kept.delete(name));
    return asset;
  }

  return (name) => {
    if (!names.has(name)) return undefined;
    const type = texts[extname(name)] ?? images[extname(name)];
    if (type === undefined) return undefined;
    return kept.get(name) ?? keep(name, readAsset(join(folder, name), type));
  };
}

/** Packed once and kept: every browser takes it, and the whole of it is less than a megabyte. */
async function readAsset(path: string, type: string): Promise<BoardAsset> {
  const content = await readFile(path);
  if (extname(path) in images) return { type, body: content };
  return { type, body: await promisify(gzip)(content), encoding: 'gzip' };
}
