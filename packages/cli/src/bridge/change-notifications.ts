import type { TaskStore } from '@mcp-tasks/client';

type Listener = Parameters<TaskStore['onMail']>[1];

/** A store whose listeners are notified at once by `changed`; the store itself polls a few times a second. */
export interface ChangeNotifications {
  readonly store: TaskStore;
  changed(id: string): void;
}

export function withChangeNotifications(store: TaskStore): ChangeNotifications {
  const listeners = new Set<Listener>();
  return {
    store: {
      ...store,
      onMail(interest, listener) {
        listeners.add(listener);
        const end = store.onMail(interest, listener);
        return () => {
          listeners.delete(listener);
          end();
        };
      },
    },
    changed(id) {
      for (const listener of [...listeners]) listener([id]);
    },
  };
}
