/**
 * What `load` yields, loaded once for all who ask at the same time and kept for a while. When renewing it fails, the old
 * one goes on serving: a provider whose discovery document is gone for an hour can still answer.
 */
export function keptFor<Value>(milliseconds: number, load: () => Promise<Value>): () => Promise<Value> {
  let kept: { value: Value; until: number } | undefined;
  let loading: Promise<Value> | undefined;

  async function renew(): Promise<Value> {
    try {
      const value = await load();
      kept = { value, until: performance.now() + milliseconds };
      return value;
    } catch (error) {
      if (!kept) throw error;
      // Not asked again with every sign-in meanwhile.
      kept = { value: kept.value, until: performance.now() + milliseconds / 60 };
      return kept.value;
    } finally {
      loading = undefined;
    }
  }

  return async () => (kept && performance.now() < kept.until ? kept.value : (loading ??= renew()));
}
