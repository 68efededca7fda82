import type { LiveChange } from '../live-session.ts';

export interface LiveListeners {
  report(change: LiveChange): void;
  /** Adds a listener and first reports the current state to it. */
  subscribe(listener: (change: LiveChange) => void): () => void;
  /** Reports a lasting problem, also to later listeners. */
  warn(text: string): void;
}

/** @param currentState returns the current state, for a late listener */
export function createLiveListeners(currentState: () => readonly LiveChange[]): LiveListeners {
  const listeners = new Set<(change: LiveChange) => void>();
  let warning: Extract<LiveChange, { kind: 'warning' }> | undefined;

  function report(change: LiveChange): void {
    for (const listener of listeners) listener(change);
  }

  return {
    report,
    subscribe(listener) {
      listeners.add(listener);
      if (warning !== undefined) listener(warning);
      for (const change of currentState()) listener(change);
      return () => listeners.delete(listener);
    },
    warn(text) {
      warning = { kind: 'warning', text };
      report(warning);
    },
  };
}
