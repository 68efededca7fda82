import type { Claim } from '../store/task-store.ts';
import type { ClientContext } from '../worker/client-context.ts';
import type { Follower } from '../worker/followed-task.ts';
import { gather } from '../worker/gather.ts';
import type { Turns } from '../worker/turns.ts';
import type { FollowedTasks } from './followed-tasks.ts';

export interface ResumeOptions {
  /** The limit of claims in one turn of the event loop. */
  readonly turns: Turns;
  readonly around: ClientContext;
  readonly followed: Pick<FollowedTasks, 'followClaim'>;
  /** The context of the task's requests. */
  tracedContext(): ClientContext;
  /** Whether this client may drive the task. */
  isOurs(claim: Claim): boolean;
}

/**
 * Resumes tasks by their ids. Requests of one turn are claimed in one round trip, which brings their records too.
 * Undefined: the record has to be looked up, since it is the only request, or the claim returned no such task.
 */
export function createResume(options: ResumeOptions): (id: string) => Promise<Follower | undefined> {
  const { turns, around, followed, tracedContext, isOurs } = options;
  const { worker, connection } = around;

  async function claimAll(ids: readonly string[]): Promise<ReadonlyMap<string, Promise<Follower>>> {
    const resumed = new Map<string, Promise<Follower>>();
    // A single task may be settled: its record is read without a heartbeat.
    if (ids.length < 2 || around.observe || around.handsOver) return resumed;
    const near = tracedContext();
    const { fingerprint } = connection.identity;
    await worker.claimNamed({ ids, fingerprint }, (claim) => {
      const follower = isOurs(claim) ? followed.followClaim(claim, near) : undefined;
      if (follower !== undefined) resumed.set(claim.record.id, follower);
      return follower !== undefined;
    });
    return resumed;
  }

  // A failing store is reported by the lookup of the record.
  const claim = gather((ids: readonly string[]) => claimAll(ids).catch(() => new Map<string, Promise<Follower>>()));
  return async (id) => {
    await turns.take();
    return (await claim(id)).get(id);
  };
}
