import type { Claim, Lease, TaskStore } from '../store/task-store.ts';

export interface NamedClaimsOptions {
  readonly store: Pick<TaskStore, 'claim'>;
  readonly owner: string;
  /** Keeps the heartbeat running until the returned function is called; resolves after the store's first response. */
  begin(): Promise<() => void>;
  isCertain(lease: Lease): boolean;
  /** Whether a member of the worker has this task, and gets its lease. */
  isKnown(id: string): boolean;
  onKnown(claim: Claim): void;
  giveBack(lease: Lease): void;
}

/**
 * Claims tasks that are not followed here yet. `accept` runs in the turn of the store's response, so that no mail is
 * missed; a task that it rejects is given back.
 */
export type ClaimNamed = (
  request: { readonly ids: readonly string[]; readonly fingerprint: string },
  accept: (claim: Claim) => boolean,
) => Promise<void>;

export function createNamedClaims(options: NamedClaimsOptions): ClaimNamed {
  const { store, owner, isKnown } = options;
  return async ({ ids, fingerprint }, accept) => {
    const unknown = [...new Set(ids)].filter((id) => !isKnown(id));
    if (unknown.length === 0) return;
    const end = await options.begin();
    try {
      const claims = await store.claim({ owner, limit: unknown.length, ids: unknown, fingerprints: [fingerprint] });
      for (const claim of claims) {
        if (isKnown(claim.lease.id)) options.onKnown(claim);
        else if (!options.isCertain(claim.lease) || !accept(claim)) options.giveBack(claim.lease);
      }
    } finally {
      end();
    }
  };
}
