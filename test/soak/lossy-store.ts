import { TaskError, type TaskStore } from '@mcp-tasks/client';

/** A store that one process can lose for a while: it refuses or hangs, like a database behind a cut connection. */
export interface LossyStore {
  readonly store: TaskStore;
  lose(kind: 'refuses' | 'hangs', forMs: number): void;
}

export function createLossyStore(store: TaskStore): LossyStore {
  let loss: { readonly kind: 'refuses' | 'hangs'; readonly until: Promise<void> } | undefined;

  function guarded(method: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    return async (...args) => {
      if (loss?.kind === 'refuses') throw new TaskError('store-unwritable', 'The store is out of reach');
      await loss?.until;
      return method.apply(store, args);
    };
  }

  /** Listeners are not requests: they deliver when the store is back. */
  const direct = new Set<PropertyKey>(['newOwner', 'onMail', 'close']);
  return {
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return direct.has(name) ? value.bind(target) : guarded(value as (...args: unknown[]) => unknown);
      },
    }),
    lose(kind, forMs) {
      const until = new Promise<void>((resolve) => setTimeout(resolve, forMs));
      const mine = { kind, until };
      loss = mine;
      void until.then(() => {
        if (loss === mine) loss = undefined;
      });
    },
  };
}
