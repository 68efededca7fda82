import { type FollowedTask, TaskError } from '@mcp-tasks/client';
import { wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { urlWords } from '../../targets/url-words.ts';
import { keptBy, stopKept } from './kept-server.ts';
import { failureOf, type LinkState, shownStateOf } from './link-state.ts';
import type { ServerChange, ServerConnection, ServerConnectionOptions } from './server-connection-api.ts';
import { createServerLink } from './server-link.ts';
import { startListing } from './server-lists.ts';
import { createServerTasks } from './server-tasks.ts';

export function createServerConnection(options: ServerConnectionOptions): ServerConnection {
  const { identity, clock } = options;
  const { fingerprint, label } = identity;
  const name = { kind: 'server', fingerprint, label } as const;
  let lastChange: ServerChange = { ...name, state: 'connecting' };
  let stopListing = (): void => undefined;

  function reportState(change: ServerChange): void {
    lastChange = change;
    options.onState(change);
  }

  function onLinkState(linkState: LinkState): void {
    stopListing();
    const state = shownStateOf(linkState);
    const error = failureOf(linkState);
    const detail = error === undefined ? {} : { detail: safeText(problemText(error), { maxLength: 500 }) };
    if (state !== undefined && state !== 'closed') reportState({ ...name, state, ...detail });
    if (linkState.kind !== 'connected') return;
    tasks.followAll();
    stopListing = startListing(link, {
      clock,
      onTools: (tools) => reportState({ ...lastChange, ...tools }),
      onOthers: options.onOthers,
    });
  }

  const link = createServerLink({ ...options, onLinkState, onClientDropped: () => tasks.forgetHandles() });
  const tasks = createServerTasks(link, {
    openSession: options.openSession,
    onTrouble: (error, id) => options.onNotice(problemText(error), id),
    onRefused() {
      const { target } = identity;
      const words = wordToPaste(target.kind === 'url' ? urlWords(target) : label);
      const hint = `Sign in again, at a terminal: mcp-tasks tools ${words}`;
      link.requireSignIn(new TaskError('auth-required', `${label} requires a sign-in again`, { hint }));
    },
  });

  /** Follows the task that a call created, or reports the outcome of a call without a task. */
  async function followCall(task: FollowedTask): Promise<void> {
    try {
      const { kind } = await task.accepted();
      if (kind === 'task') tasks.keepHandle(task);
      else task.detach();
    } catch (error) {
      task.detach();
      if (TaskError.is(error) && error.code === 'connection-lost') options.onLost(task.id, error.message);
      options.onNotice(messageOf(error));
    }
  }

  return {
    identity,
    get state() {
      return lastChange;
    },
    get failure() {
      return failureOf(link.state);
    },
    start: link.start,
    follow: tasks.follow,
    unfollow: tasks.unfollow,
    latest: tasks.latest,
    handle: tasks.handle,
    tools: async () => (await link.ready()).listTools(),
    adopt: async (taskId) => tasks.keepHandle(await (await link.ready()).adopt({ taskId })).id,
    async call(tool, args, names = {}) {
      const client = await link.ready();
      const task = await client.start({ name: tool, arguments: args, ...names }).catch((error) => {
        options.onNotice(messageOf(error));
        throw error;
      });
      void followCall(task);
      return task.id;
    },
    get keeper() {
      return keptBy(link.client);
    },
    async stop() {
      stopListing();
      const client = link.release();
      await stopKept(client);
      await client?.close().catch(() => undefined);
    },
    close: async () => void (await Promise.all([link.close(), tasks.close()])),
  };
}

/** Text of an error; for a required sign-in its hint, since only a person can act. */
function problemText(error: unknown): string {
  return TaskError.is(error) && error.code === 'auth-required' ? (error.hint ?? error.message) : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
