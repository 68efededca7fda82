/** Asynchronous context: a value for everything that `work` runs, across `await`. */
export interface Course<T> {
  run<R>(value: T, work: () => R): R;
  /** Undefined in browsers, which have no `AsyncLocalStorage`. */
  current(): T | undefined;
}

/** `getBuiltinModule` instead of an import: bundlers for browsers find no Node module here. */
export function createCourse<T>(): Course<T> {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  if (hooks === undefined) return { run: (_value, work) => work(), current: () => undefined };
  const storage = new hooks.AsyncLocalStorage<T>();
  return { run: (value, work) => storage.run(value, work), current: () => storage.getStore() };
}
