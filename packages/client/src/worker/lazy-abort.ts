/** An `AbortController` that costs nothing until somebody asks for its signal. */
export interface LazyAbort {
  readonly signal: AbortSignal;
  readonly isAborted: boolean;
  abort(): void;
}

export function createLazyAbort(): LazyAbort {
  let controller: AbortController | undefined;
  let isAborted = false;
  return {
    get signal() {
      controller ??= new AbortController();
      if (isAborted) controller.abort();
      return controller.signal;
    },
    get isAborted() {
      return isAborted;
    },
    abort() {
      isAborted = true;
      controller?.abort();
    },
  };
}
