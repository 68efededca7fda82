import type { DeskChange } from '../live-session.ts';

/** Who is told of changes. */
export interface DeskListeners {
  tell(change: DeskChange): void;
  /** The listener is told first what is known already. */
  subscribe(listener: (change: DeskChange) => void): () => void;
  /** What stays wrong: also said to those who come later. */
  warn(text: string): void;
}

/** @param known what there is to tell a listener that comes late */
export function createDeskListeners(known: () => readonly DeskChange[]): DeskListeners {
  const listeners = new Set<(change: DeskChange) => void>();
  let warning: Extract<DeskChange, { kind: 'warning' }> | undefined;

  function tell(change: DeskChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    tell,
    subscribe(listener) {
      listeners.add(listener);
      if (warning !== undefined) listener(warning);
      for (const change of known()) listener(change);
      return () => listeners.delete(listener);
    },
    warn(text) {
      warning = { kind: 'warning', text };
      tell(warning);
    },
  };
}
