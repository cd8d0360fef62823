import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createBullBoard } from '@bull-board/api';
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';
import { type QueueName } from '../deliveries.ts';
import { type BullQueue } from '../delivery-queue.ts';
import { type Store } from '../store.ts';
import { openBoardAssets } from './board-assets.ts';
import { renderBoardPage } from './board-page.ts';
import { DiscreetQueue } from './discreet-queue.ts';
import { matchPath } from './match-path.ts';

export interface BoardQuestion {
  /** Below the board's address, decoded, beginning with a slash. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface BoardAnswer {
  /** Pages and data are of this moment; assets stay as they are until the next release. */
  readonly kind: 'page' | 'data' | 'asset';
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly encoding?: 'gzip';
}

export interface QueueBoard {
  /** Answers what a browser may GET; undefined where there is nothing. There is no way to change anything. */
  read(question: BoardQuestion): Promise<BoardAnswer | undefined>;
}

export interface QueueBoardOptions {
  readonly title: string;
  /** The path it is served at, without a slash at the end. */
  readonly address: string;
}

const folder = new URL('.', import.meta.resolve('@bull-board/ui/package.json'));

/** Bull Board without a web server of its own: its pages, files and data for whoever serves them. */
export async function openQueueBoard(
  store: Pick<Store, 'ask'>,
  shown: ReadonlyMap<QueueName, BullQueue>,
  { title, address }: QueueBoardOptions,
): Promise<QueueBoard> {
  const { queues, uiConfig, entry, routes } = unpack(shown, title);
  // What changes something is left out. The adapters would refuse it too.
  const readings = routes.filter(({ method }) => method === 'get');
  const assets = await openBoardAssets(fileURLToPath(new URL('dist/static/', folder)));
  const template = await readFile(new URL('dist/index.ejs', folder), 'utf8');
  const {
    basePath: base = '',
    uiConfig: config = '',
    favIconDefault: icon = '',
  } = entry.handler({
    basePath: address,
    uiConfig,
  }).params;
  const page: BoardAnswer = {
    kind: 'page',
    status: 200,
    type: 'text/html; charset=utf-8',
    body: renderBoardPage(template, { title, base, config, icon }),
  };

  async function readData({ path, query }: BoardQuestion): Promise<BoardAnswer | undefined> {
    for (const reading of readings) {
      const params = [reading.route]
        .flat()
        .map((each) => matchPath(each, path))
        .find((match) => match !== undefined);
      if (!params) continue;
      const asked = { queues, uiConfig, params, query: { ...query }, body: {}, headers: {} };
      const { status = 200, body } = await store.ask(async () => reading.handler(asked));
      return { kind: 'data', status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
    }
    return undefined;
  }

  return {
    async read(question) {
      const { path } = question;
      if ([entry.route].flat().some((route) => matchPath(route, path))) return page;
      if (!path.startsWith('/static/')) return readData(question);
      const asset = await assets(path.slice('/static/'.length));
      return asset && { kind: 'asset', status: 200, ...asset };
    },
  };
}

interface Parts {
  readonly queues: BullBoardQueues;
  readonly uiConfig: UIConfig;
  readonly entry: AppViewRoute;
  readonly routes: readonly AppControllerRoute[];
}

/** Bull Board hands its parts to an adapter for the web framework in use. This one just keeps them. */
function unpack(shown: ReadonlyMap<QueueName, BullQueue>, title: string): Parts {
  const parts: Partial<Parts> = {};
  const keep = (part: Partial<Parts>) => {
    Object.assign(parts, part);
    return serverAdapter;
  };
  const serverAdapter: IServerAdapter = {
    setQueues: (queues) => keep({ queues }),
    setUIConfig: (uiConfig) => keep({ uiConfig }),
    setEntryRoute: (entry) => keep({ entry }),
    setApiRoutes: (routes) => keep({ routes }),
    setViewsPath: () => serverAdapter,
    setStaticPath: () => serverAdapter,
    setErrorHandler: () => serverAdapter,
  };
  createBullBoard({
    queues: [...shown].map(([name, queue]) => new DiscreetQueue(name, queue)),
    serverAdapter,
    options: {
      uiBasePath: fileURLToPath(folder),
      uiConfig: {
        boardTitle: title,
        hideDocsLink: true,
        locale: { lng: 'en-GB' },
        // On Postgres workers cannot be told apart, and the board would warn that there are none.
        showWorkers: false,
      },
    },
  });
  // It has called every setter by now.
  return parts as Parts;
}
