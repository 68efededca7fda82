import type { TaskRecord } from '../task/record.ts';
import type { ClientContext } from '../worker/client-context.ts';
import { createTurns } from '../worker/turns.ts';
import type { ClientGuard } from './client-guard.ts';
import { findRecord } from './find-record.ts';
import type { FollowedTasks } from './followed-tasks.ts';
import type { HandleSource } from './lazy-handle.ts';
import { createResume } from './resume-tasks.ts';

/** The maximum of records claimed or looked up in one turn of the event loop. */
const LOOKUPS_PER_TURN = 200;

export interface HandleSourceOptions {
  readonly around: ClientContext;
  readonly guard: ClientGuard;
  readonly followed: FollowedTasks;
  /** The context of the task's requests. */
  tracedContext(): ClientContext;
}

/** Finds and resumes tasks for the handles of one client, in turns: a host may resume thousands. */
export function createHandleSource({
  around,
  guard,
  followed,
  tracedContext,
}: HandleSourceOptions): Required<HandleSource> {
  const { store, clock } = around;
  const turns = createTurns(LOOKUPS_PER_TURN);
  const resume = createResume({
    turns,
    around,
    followed,
    tracedContext,
    isOurs: ({ record }) => guard.whyClosed() === undefined && guard.whyForeign(record) === undefined,
  });

  return {
    clock,
    async claim(id) {
      const follower = guard.whyClosed() === undefined ? await resume(id) : undefined;
      return follower && followed.handle(follower);
    },
    async read(id): Promise<TaskRecord> {
      await turns.take();
      return findRecord(store, id, guard.whyForeign);
    },
    async open(record) {
      return followed.handle(await followed.follow(record, tracedContext()));
    },
  };
}
