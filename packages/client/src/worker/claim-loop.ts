import type { Clock } from '../clock.ts';
import type { Claim } from '../store/task-store.ts';
import { createRounds } from './leases.ts';
import type { StoreWorker } from './store-worker-api.ts';

const ROUND_MS = 1_000;
/** The maximum number of tasks per claim. */
const BATCH = 500;
/** Give tasks back only above this multiple of the share: the share changes with every task that starts or ends. */
const SLACK = 1.1;
const SLACK_TASKS = 2;

export interface ClaimLoopOptions {
  readonly worker: Pick<StoreWorker, 'share' | 'claimFree' | 'refresh'>;
  readonly clock: Clock;
  readonly maxTasks: number;
  /** Only tasks of these servers. @default any */
  readonly fingerprints?: readonly string[] | undefined;
  /** The servers that cannot be reached from here, by fingerprint. */
  except(): readonly string[];
  /** The number of tasks held. */
  held(): number;
  drive(claims: readonly Claim[]): void;
  /** Gives this many tasks back. */
  giveBack(count: number): void;
}

/** Claims this worker's share of the open tasks, and gives back the excess. */
export interface ClaimLoop {
  /** Claims now: the share may have changed. */
  claimNow(): void;
  stop(): void;
}

export function createClaimLoop(options: ClaimLoopOptions): ClaimLoop {
  const { worker, clock, maxTasks, fingerprints, held } = options;
  let state: 'resting' | 'claiming' | 'stopped' = 'resting';
  const rounds = createRounds(clock, ROUND_MS, claimNow);
  rounds.start();

  function claimNow(): void {
    if (state !== 'resting') return;
    state = 'claiming';
    void claim()
      .catch(() => undefined) // the heartbeat reports a failing store
      .finally(() => {
        if (state === 'claiming') state = 'resting';
      });
  }

  async function claim(): Promise<void> {
    const { share } = worker;
    const excess = held() - Math.min(maxTasks, share);
    if (share > 0 && held() > Math.min(maxTasks, share * SLACK + SLACK_TASKS)) return options.giveBack(excess);
    for (let isMore = true; isMore && state === 'claiming'; ) {
      const room = Math.min(maxTasks, Math.max(1, worker.share)) - held();
      // Claim at least one, if there is room: tasks may have started since the share was computed.
      const limit = Math.min(BATCH, Math.max(1, room), maxTasks - held());
      if (limit <= 0) return;
      const claims = await worker.claimFree({ limit, fingerprints, except: options.except() });
      options.drive(claims);
      isMore = claims.length === limit && room > limit;
      if (claims.length === limit && !isMore) worker.refresh();
    }
  }

  return {
    claimNow,
    stop() {
      state = 'stopped';
      rounds.stop();
    },
  };
}
