/** Tells what runs in the course of which piece of work, also after an `await`. */
export interface Course<T> {
  run<R>(value: T, work: () => R): R;
  /** Undefined where nobody can tell: a browser has nothing for it. */
  current(): T | undefined;
}

/** Asked for at run time, not imported: a host's bundler for a browser finds no module of Node here. */
export function createCourse<T>(): Course<T> {
  const { process } = globalThis as { readonly process?: Partial<NodeJS.Process> };
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  if (hooks === undefined) return { run: (_value, work) => work(), current: () => undefined };
  const storage = new hooks.AsyncLocalStorage<T>();
  return { run: (value, work) => storage.run(value, work), current: () => storage.getStore() };
}
