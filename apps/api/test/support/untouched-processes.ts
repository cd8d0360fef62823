/**
 * tap makes every process that a test starts load its hooks, for a coverage that is not measured. A process that may read
 * nothing but its own code cannot.
 */
export function leaveProcessesUntouched(): void {
  const hooks = Reflect.get(globalThis, Symbol.for('process-on-spawn@*:singletonId')) as Hooks | undefined;
  hooks?.unwrap();
}

interface Hooks {
  unwrap(): void;
}
