import type { Claim, ClaimRequest, Lease, TaskStore } from '../store/task-store.ts';
import { createLeases } from './leases.ts';
import type { Members } from './members.ts';
import { type ClaimNamed, createNamedClaims } from './named-claims.ts';

/** The claims of one owner at the store, and their dispatch to its members. */
export interface Claims {
  /** See `StoreWorker.claim`. */
  claim(id: string): Promise<void>;
  /** Claims every lease that a member waits for, in one request. */
  claimWaiting(): Promise<void>;
  /** See `StoreWorker.claimFree`. */
  claimFree(request: Omit<ClaimRequest, 'owner' | 'ids'>): Promise<readonly Claim[]>;
  readonly claimNamed: ClaimNamed;
  giveBack(lease: Lease): Promise<void>;
  /** Retries failed releases. */
  retry(): void;
  /** The store declared this owner dead: leases of its earlier life are void. */
  beginLife(): void;
}

export interface ClaimsOptions {
  readonly store: Pick<TaskStore, 'claim' | 'release'>;
  readonly owner: string;
  readonly members: Members;
  /** Starts the heartbeat; it precedes the first claim. */
  begin(): Promise<void>;
  /** Keeps the heartbeat running until the returned function is called. */
  keep(): () => void;
  /** Whether requests and writes are allowed: at all, or under this lease. */
  isCertain(lease?: Lease): boolean;
  onTrouble(error: unknown): void;
}

export function createClaims({ store, owner, members, begin, keep, isCertain, onTrouble }: ClaimsOptions): Claims {
  let life = 0;

  const leases = createLeases({
    store: { claim: claimInThisLife, release: (given) => store.release(given) },
    owner,
    begin,
    onClaimed: (claims) => claims.forEach(assignClaim),
    onTrouble,
  });

  /** Gives back leases claimed before this owner was declared dead: other owners may hold them by now. */
  async function claimInThisLife(request: ClaimRequest): Promise<readonly Claim[]> {
    const before = life;
    const claims = await store.claim(request);
    if (life === before) return claims;
    for (const { lease } of claims) void leases.giveBack(lease);
    return [];
  }

  function assignClaim(claim: Claim): void {
    const { lease } = claim;
    if (members.leaderOf(lease.id) !== undefined) return;
    const claimant = members.claimantOf(lease.id);
    if (claimant === undefined) return void leases.giveBack(lease);
    // In doubt again, drop the claim: the lease stays ours, and the next heartbeat claims it again.
    if (isCertain(lease)) claimant.lead(claim);
  }

  return {
    claim: leases.claim,
    async claimWaiting() {
      await Promise.all([...members.waiting].map(({ id }) => leases.claim(id)));
    },
    async claimFree(request) {
      await begin();
      if (!isCertain()) return [];
      const claims = await claimInThisLife({ ...request, owner });
      const isUnknown = ({ lease: { id } }: Claim): boolean =>
        members.claimantOf(id) === undefined && members.leaderOf(id) === undefined;
      const unknown = claims.filter(isUnknown);
      for (const claim of claims) if (!isUnknown(claim)) assignClaim(claim);
      return unknown;
    },
    claimNamed: createNamedClaims({
      store: { claim: claimInThisLife },
      owner,
      async begin() {
        const end = keep();
        await begin();
        return end;
      },
      isCertain,
      isKnown: members.has,
      onKnown: assignClaim,
      giveBack: (lease) => void leases.giveBack(lease),
    }),
    giveBack: leases.giveBack,
    retry: () => leases.retry(members.has),
    beginLife() {
      life += 1;
      leases.forget();
    },
  };
}
