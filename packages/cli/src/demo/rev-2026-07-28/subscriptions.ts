import { mcp20260728 } from '@mcp-tasks/client/serve';
import type { OpenSubscription } from '../../mcp-server/stdio-subscriptions.ts';
import { type Demo, SERVER_INFO } from '../demo.ts';
import { recordRequest } from '../journal.ts';
import { createServedTasks } from '../served-tasks.ts';

/** Subscriptions to the demo's tasks. */
export function subscriptionsOf(demo: Demo): OpenSubscription {
  const tasks = createServedTasks(demo, null);
  return (listen, send) => {
    recordRequest(demo.db, 'subscriptions/listen', null, Date.now());
    return mcp20260728.openSubscription(listen, tasks, send, SERVER_INFO);
  };
}
