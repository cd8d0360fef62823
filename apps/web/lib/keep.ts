/**
 * Keeps small things on this device in IndexedDB: drafts and the sign-in under way. (Local and session storage stay
 * empty, they are where scripts look for tokens first.) Where IndexedDB is blocked nothing is kept and nothing breaks.
 */
const storeName = 'kept';

let opened: IDBDatabase | undefined;

/** Stays open for the life of the page, unless a newer version of it or the browser wants it closed. */
function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('alva', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => {
      const database = request.result;
      const letGo = () => {
        database.close();
        if (opened === database) opened = undefined;
      };
      database.onversionchange = letGo;
      database.onclose = letGo;
      // Of two that were opened at once, one is enough.
      opened?.close();
      opened = database;
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error('IndexedDB is not available'));
  });
}

async function run<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    // Without waiting where it is open: what a page that is being left begins later never happens.
    const database = opened ?? (await open());
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was aborted'));
      // By itself it would end after the answer, for which the page may not be there any more.
      transaction.commit();
    });
  } catch {
    return undefined;
  }
}

export async function keep(key: string, value: unknown): Promise<void> {
  await run('readwrite', (store) => store.put(value, key));
}

export function recall(key: string): Promise<unknown> {
  return run('readonly', (store) => store.get(key) as IDBRequest<unknown>);
}

export async function forget(key: string): Promise<void> {
  await run('readwrite', (store) => store.delete(key));
}
