import type { DeskChange } from '../live-session.ts';

export interface DeskListeners {
  report(change: DeskChange): void;
  /** Adds a listener and first reports the current state to it. */
  subscribe(listener: (change: DeskChange) => void): () => void;
  /** Reports a lasting problem, also to later listeners. */
  warn(text: string): void;
}

/** @param known returns the current state, for a late listener */
export function createDeskListeners(known: () => readonly DeskChange[]): DeskListeners {
  const listeners = new Set<(change: DeskChange) => void>();
  let warning: Extract<DeskChange, { kind: 'warning' }> | undefined;

  function report(change: DeskChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    report,
    subscribe(listener) {
      listeners.add(listener);
      if (warning !== undefined) listener(warning);
      for (const change of known()) listener(change);
      return () => listeners.delete(listener);
    },
    warn(text) {
      warning = { kind: 'warning', text };
      report(warning);
    },
  };
}
