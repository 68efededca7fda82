import { type FollowedTask, type TaskClient, TaskError } from '@mcp-tasks/client';
import { wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { urlWords } from '../../targets/url-words.ts';
import { createLine } from './line-to-server.ts';
import type { ServerChange, ServerLine, ServerLineOptions } from './server-connection-api.ts';
import { createTasksOfLine } from './tasks-of-line.ts';

/** How often a server that can list is asked which tasks there are. */
const LIST_MS = 5_000;

export function createServerLine(options: ServerLineOptions): ServerLine {
  const { identity, clock } = options;
  const { fingerprint, label } = identity;
  const face = { kind: 'server', fingerprint, label } as const;
  let state: ServerChange = { ...face, state: 'connecting' };
  let stopListing = (): void => undefined;

  function tell(next: ServerChange): void {
    state = next;
    options.onState(next);
  }

  const line = createLine({
    ...options,
    label,
    onConnecting: () => tell({ ...face, state: 'connecting' }),
    onOpen(client) {
      tell({ ...face, state: 'connected' });
      tasks.takeUp();
      void learnTools(client);
      void learnOthers(client);
    },
    onFailed(error) {
      stopListing();
      tasks.drop();
      const isAuth = TaskError.is(error) && error.code === 'auth-required';
      const detail = safeText(wordsOf(error), { maxLength: 500 });
      tell({ ...face, state: isAuth ? 'auth_required' : 'unreachable', detail });
    },
  });

  const tasks = createTasksOfLine(line, {
    label,
    openSession: options.openSession,
    onTrouble: (error, id) => options.onNotice(wordsOf(error), id),
    onRefused() {
      const { target } = identity;
      const words = wordToPaste(target.kind === 'url' ? urlWords(target) : label);
      const hint = `Sign in again, at a terminal: mcp-tasks tools ${words}`;
      line.broke(new TaskError('auth-required', `${label} wants authentication again`, { hint }));
    },
  });

  async function learnTools(of: TaskClient): Promise<void> {
    const tools = await of.listTools().catch(() => []);
    const taskTools = tools.filter((tool) => tool.taskSupport !== 'forbidden').map((tool) => tool.name);
    const toolsAlike = tools.every((tool) => tool.taskSupport === 'optional');
    if (line.client === of && state.state === 'connected') tell({ ...state, taskTools, toolsAlike });
  }

  /** A list that fails says nothing of the tasks: what was told last stands. */
  async function learnOthers(of: TaskClient): Promise<void> {
    const others = await of.listUnrecorded().catch(() => undefined);
    if (line.client !== of) return;
    if (others !== undefined) options.onOthers(others);
    stopListing = clock.schedule(LIST_MS, () => void learnOthers(of));
  }

  /** Keeps the task that a call has become, and says what came of a call that became none. */
  async function attend(task: FollowedTask, of: TaskClient): Promise<void> {
    try {
      const { kind } = await task.accepted();
      if (kind === 'task' && line.client === of) tasks.keep(task);
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
      return state;
    },
    get failure() {
      return line.failure;
    },
    start: line.start,
    follow: tasks.follow,
    unfollow: tasks.unfollow,
    handle: tasks.handle,
    tools: async () => (await line.ready()).listTools(),
    adopt: async (taskId) => tasks.keep(await (await line.ready()).adopt({ taskId })).id,
    async call(tool, args, rerunOf) {
      const main = await line.ready();
      const task = await main.start({ name: tool, arguments: args, rerunOf }).catch((error) => {
        options.onNotice(messageOf(error));
        throw error;
      });
      void attend(task, main);
      return task.id;
    },
    async close() {
      stopListing();
      await Promise.all([line.close(), tasks.close()]);
    },
  };
}

/** Of a refusal what to do about it: nothing but a person can. */
function wordsOf(error: unknown): string {
  return TaskError.is(error) && error.code === 'auth-required' ? (error.hint ?? error.message) : messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
