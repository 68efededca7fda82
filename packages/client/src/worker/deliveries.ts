import { type Clock, monotonicNow } from '../clock.ts';
import type { Claim, Lease } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { createRounds } from './leases.ts';
import type { Member } from './store-member.ts';
import type { StoreWorker } from './store-worker-api.ts';

const ROUND_MS = 1_000;
const FIRST_BATCH = 16;
const LAST_BATCH = 64;
/** The target time to handle one batch: a larger claim would keep work from idle workers. */
const BATCH_MS = 2_000;

/** The end of one task, under its own lease until delivered. */
export interface Delivery {
  readonly record: TaskRecord;
  /** False once another worker may deliver it. */
  readonly isOurs: boolean;
  /** Marks the end as handled: it is not delivered again. */
  done(): void;
}

export interface DeliveriesOptions {
  readonly worker: StoreWorker;
  readonly clock: Clock;
  readonly fingerprints?: readonly string[] | undefined;
  deliver(delivery: Delivery): void;
}

/** Claims undelivered ends, a few at a time, and hands each over. At-least-once: the mark is set after the handling. */
export interface Deliveries {
  /** Claims undelivered ends now, or when the batch in hand is handled. */
  claimNow(): void;
  /** Resolves when every handled end is marked. Unhandled ones go to another worker. */
  stop(): Promise<void>;
}

export function createDeliveries({ worker, clock, fingerprints, deliver }: DeliveriesOptions): Deliveries {
  const open = new Map<string, () => void>();
  const marking = new Set<Promise<void>>();
  let state: 'resting' | 'claiming' | 'stopped' = 'resting';
  let isRequested = false;
  let batch = FIRST_BATCH;
  let claimedAt = 0;
  const rounds = createRounds(clock, ROUND_MS, claimNow);
  rounds.start();

  function claimNow(): void {
    isRequested = true;
    if (state !== 'resting' || open.size > 0) return;
    state = 'claiming';
    void claim().finally(() => {
      if (state === 'claiming') state = 'resting';
      if (isRequested && open.size === 0 && state === 'resting') claimNow();
    });
  }

  async function claim(): Promise<void> {
    isRequested = false;
    try {
      claimedAt = monotonicNow(clock);
      const claims = await worker.claimFree({ limit: batch, fingerprints, undelivered: true });
      isRequested ||= claims.length === batch;
      for (const each of claims) begin(each);
    } catch {
      // The next round retries; the heartbeat reports a failing store.
    }
  }

  function begin(claim: Claim): void {
    const { record, lease } = claim;
    let need: Member['need'] = 'leads';
    const end = (): void => {
      need = 'rests';
      worker.sort(member);
      open.delete(record.id);
    };
    const member: Member = {
      id: record.id,
      get need() {
        return need;
      },
      lead: () => undefined,
      lapse: end,
      sync: () => undefined,
      refresh: () => undefined,
      reread: () => undefined,
      isConnectionEnded: false,
      review: () => undefined,
      troubled: () => undefined,
    };
    if (state === 'stopped') {
      giveBack(lease);
      return;
    }
    open.set(record.id, () => {
      end();
      giveBack(lease);
    });
    worker.sort(member);
    deliver({
      record,
      get isOurs() {
        return need === 'leads' && worker.isCertain(lease);
      },
      done() {
        if (need !== 'leads') return;
        track(mark(claim));
        end();
        if (open.size === 0) adaptBatch();
        if (isRequested) claimNow();
      },
    });
  }

  /** Shrinks the batch for a slow consumer. */
  function adaptBatch(): void {
    const tookMs = monotonicNow(clock) - claimedAt;
    batch = tookMs > BATCH_MS ? Math.max(1, Math.floor(batch / 2)) : Math.min(LAST_BATCH, batch * 2);
    claimNow();
  }

  function giveBack(lease: Lease): void {
    track(worker.giveBack(lease));
  }

  function track(work: Promise<void>): void {
    const done: Promise<void> = work.finally(() => marking.delete(done));
    marking.add(done);
  }

  async function mark({ lease }: Claim): Promise<void> {
    const at = clock.now();
    const change = (record: TaskRecord): TaskRecord => ({ ...record, deliveredAt: at });
    await worker.write({ id: lease.id, lease, change, onTrouble: () => undefined }).catch(() => undefined);
    await worker.giveBack(lease);
  }

  return {
    claimNow,
    async stop() {
      state = 'stopped';
      rounds.stop();
      for (const leave of [...open.values()]) leave();
      await Promise.all(marking);
    },
  };
}
