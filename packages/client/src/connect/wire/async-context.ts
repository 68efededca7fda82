/** Asynchronous context: a value for everything that `work` runs, across `await`. */
export interface AsyncContext<T> {
  run<R>(value: T, work: () => R): R;
  /** Undefined in browsers, which have no `AsyncLocalStorage`. */
  current(): T | undefined;
}

export function createAsyncContext<T>(): AsyncContext<T> {
  const hooks = asyncHooks();
  if (hooks === undefined) return { run: (_value, work) => work(), current: () => undefined };
  const storage = new hooks.AsyncLocalStorage<T>();
  return { run: (value, work) => storage.run(value, work), current: () => storage.getStore() };
}

/** Binds a callback to the current context; a pool would call it in the context in which the socket was opened. */
export function bindContext<A extends readonly unknown[], R>(callback: (...given: A) => R): (...given: A) => R {
  return asyncHooks()?.AsyncLocalStorage.bind(callback) ?? callback;
}

/** `getBuiltinModule` instead of an import: bundlers for browsers find no Node module here. */
function asyncHooks(): typeof import('node:async_hooks') | undefined {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  return process?.getBuiltinModule?.('node:async_hooks');
}
