import type { ClientContext } from '../worker/client-context.ts';
import { createPush } from '../worker/push.ts';
import { createTaskRegistry } from '../worker/streams/task-registry.ts';
import { createToolSupport, type ToolSupport } from '../worker/tool-support.ts';
import type { ClientGuard } from './client-guard.ts';
import { createEvents, type Events } from './events.ts';
import { createFollowedTasks, type FollowedTasks } from './followed-tasks.ts';
import { createHostAnswers } from './host-answers.ts';
import { giveBackWhenLost } from './lost-connection.ts';
import { createMappedJobs, type JobsOption, type MappedJobs } from './mapped-jobs.ts';
import { readQuestion } from './question.ts';
import { listenToServer } from './server-notices.ts';
import { callsOf } from './start-call.ts';

/** The tasks and tools of one client, and its subscriptions to the server. */
export interface ClientTasks {
  readonly followed: FollowedTasks;
  readonly events: Events;
  readonly support: ToolSupport;
  readonly jobs: MappedJobs;
  /** Ends the subscriptions and the following. Resolves when all leases are given back. */
  stop(): Promise<void>;
}

export function createClientTasks(
  around: ClientContext,
  guard: ClientGuard,
  jobsOption: JobsOption | undefined,
): ClientTasks {
  const { connection, clock, dialect } = around;
  const push = createPush(connection, clock, dialect);
  const support = createToolSupport(connection, dialect);
  const jobs = createMappedJobs(around, jobsOption);
  const askHost = createHostAnswers(connection, (follower, key) => readQuestion(follower, around, key));

  const followed = createFollowedTasks(around, {
    push,
    isCalling: (id) => callsOf(around.worker).has(id),
    refuse: guard.refuseResume,
    changed(follower) {
      if (!around.observe) askHost(follower);
    },
    begun: (follower) => events.watch(follower),
  });
  const events = createEvents(followed.drop, around);
  around.questions.join(createTaskRegistry(followed.all, around));
  const unlisten = listenToServer(connection, dialect, followed.all, () => {
    support.forget();
    jobs.forget();
  });
  const endWatch = giveBackWhenLost(around, followed.all);

  return {
    followed,
    events,
    support,
    jobs,
    async stop() {
      unlisten();
      endWatch();
      events.end();
      push.stop();
      await followed.stopAll();
    },
  };
}
