import type { Clock } from '../clock.ts';
import type { TaskStore } from '../store/task-store.ts';
import { createRounds, type Rounds } from './leases.ts';
import type { Members } from './members.ts';
import { createRecordMail } from './record-mail.ts';
import { schedulerOf } from './scheduler.ts';
import type { Member } from './store-member.ts';

/** How often to check whether the machine slept. */
const CATCH_UP_MS = 500;
/** How often to claim the leases that other workers hold, all in one request. */
const CLAIM_MS = 1_000;

/** The rounds and the mail of a worker, which run only while its members need them. */
export interface WorkerRoutine {
  /** Call this after each change of the members. `isStaying`: the worker stays without members too. */
  adjust(isStaying: boolean): void;
  /** Call this when a member has received its lease. */
  led(member: Member): void;
}

export interface WorkerRoutineOptions {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly owner: string;
  readonly members: Members;
  /** Claims the leases that members wait for. */
  claimWaiting(): void;
  /** The machine may have slept: checks the age of the heartbeat. */
  checkHeartbeat(): void;
}

export function createWorkerRoutine(options: WorkerRoutineOptions): WorkerRoutine {
  const { store, clock, owner, members } = options;
  const { waiting, reading } = members;
  const scheduler = schedulerOf(clock);
  const claims = createRounds(clock, CLAIM_MS, options.claimWaiting);
  const checks = createRounds(clock, CATCH_UP_MS, () => {
    options.checkHeartbeat();
    scheduler.catchUp();
  });
  const mail = createRecordMail(store, owner, {
    led: members.leaderOf,
    readers: members.readersOf,
    allReaders: () => [...waiting, ...reading],
    allLed: members.leaders,
  });

  return {
    led: mail.led,
    adjust(isStaying) {
      run(claims, waiting.size > 0);
      run(checks, isStaying || !members.isEmpty);
      // Subscribe before the first claim: no write after it may be missed.
      mail.listen({ owner: isStaying || members.isDriving, all: waiting.size + reading.size > 0 });
    },
  };
}

function run(rounds: Rounds, isNeeded: boolean): void {
  if (isNeeded) rounds.start();
  else rounds.stop();
}
