import { providerNames, type ProviderName } from '@alva/shared-types';
import { keep, recall } from './keep.ts';

const key = 'last-way-in';

/** Remembers on this device which button was pressed, and nothing about who pressed it. */
export function keepLastWay(way: string | null): Promise<void> {
  return isProvider(way) ? keep(key, way) : Promise.resolve();
}

export async function recallLastWay(): Promise<ProviderName | null> {
  const way = await recall(key);
  return isProvider(way) ? way : null;
}

function isProvider(way: unknown): way is ProviderName {
  return providerNames.some((name) => name === way);
}
