import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 1000;

/** Retries writes to a store that may recover, and reports when it fails and when it has recovered. */
export interface StoreRetry {
  /** Repeats the work until the store accepts it. @throws other errors of the work; the signal's reason */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createStoreRetry(onTrouble: (trouble: string | undefined) => void): StoreRetry {
  let reported: string | undefined;
  const failing = new Set<object>();

  function report(trouble: string | undefined): void {
    if (trouble === reported) return;
    reported = trouble;
    onTrouble(trouble);
  }

  return {
    async run(work, signal) {
      for (;;) {
        try {
          const done = await work();
          failing.delete(work);
          if (failing.size === 0) report(undefined);
          return done;
        } catch (error) {
          failing.delete(work);
          if (!isStoreTrouble(error)) throw error;
          failing.add(work);
          report((error as Error).message);
          await sleep(RETRY_MS, undefined, { signal, ref: false });
        }
      }
    },
  };
}

/** Whether writing failed for a reason that may pass: disk full, or file locked. */
export function isStoreTrouble(error: unknown): boolean {
  const code = String((error as { readonly code?: unknown }).code);
  return code === 'store-unwritable' || /^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(code);
}
