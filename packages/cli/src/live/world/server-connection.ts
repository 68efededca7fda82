import { type FollowedTask, type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import { wordToPaste } from '../../display/quote-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { urlWords } from '../../targets/url-words.ts';
import type { ServerChange, ServerLine, ServerLineOptions } from './server-connection-api.ts';

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** A server that answers this long is well again; one that dies of each start is started ever more rarely. */
const WELL_MS = 30_000;
/** How often somebody who signs in elsewhere is looked for. */
const SIGN_IN_MS = 500;
/** How often a server that can list is asked which tasks there are. */
const LIST_MS = 5_000;

export function createServerLine(options: ServerLineOptions): ServerLine {
  const { identity } = options;
  const wanted = new Map<string, TaskRecord>();
  const handles = new Map<string, FollowedTask>();
  const sessions = new Map<string, Promise<TaskClient>>();
  const face = { kind: 'server', fingerprint: identity.fingerprint, label: identity.label } as const;
  let state: ServerChange = { ...face, state: 'connecting' };
  let client: TaskClient | undefined;
  let connecting: Promise<void> | undefined;
  let failure: unknown;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let well: NodeJS.Timeout | undefined;
  /** The sign-in that the last attempt began with. */
  let tried: number | undefined;
  let listing: NodeJS.Timeout | undefined;
  let closed = false;

  function tell(next: ServerChange): void {
    state = next;
    options.onState(next);
  }

  async function connect(): Promise<void> {
    clearTimeout(retry);
    tried = options.signedInAt();
    if (failures === 0) tell({ ...face, state: 'connecting' });
    try {
      const opened = await options.open();
      if (closed) return await opened.close();
      client = opened;
      failure = undefined;
      well = setTimeout(() => {
        failures = 0;
      }, WELL_MS);
      opened.connection.onClosed(({ message }) => broke(new TaskError('unreachable', message)));
      tell({ ...face, state: 'connected' });
      for (const record of wanted.values()) void take(record);
      void learnTools(opened);
      void learnOthers(opened);
    } catch (error) {
      failed(error);
    }
  }

  function failed(error: unknown): void {
    if (closed) return;
    clearTimeout(well);
    failure = error;
    connecting = undefined;
    const detail = safeText(wordsOf(error), { maxLength: 500 });
    const isAuth = error instanceof TaskError && error.code === 'auth-required';
    tell({ ...face, state: isAuth ? 'auth_required' : 'unreachable', detail });
    // What is misspelt does not cure itself, and what wants a sign-in waits for one that the attempt did not know.
    if (error instanceof TaskError && error.code === 'target-not-found') return;
    if (isAuth && options.signedInAt() === tried) {
      waitForSignIn();
    } else {
      retry = setTimeout(start, Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
      failures += 1;
    }
  }

  function waitForSignIn(): void {
    retry = setTimeout(() => (options.signedInAt() === tried ? waitForSignIn() : start()), SIGN_IN_MS);
  }

  function broke(error: TaskError): void {
    const broken = client;
    client = undefined;
    // Those of sessions live on other clients, and are taken up anew like all.
    for (const handle of handles.values()) handle.detach();
    handles.clear();
    void broken?.close().catch(() => undefined);
    failed(error);
  }

  async function learnTools(of: TaskClient): Promise<void> {
    const tools = await of.listTools().catch(() => []);
    const taskTools = tools.filter((tool) => tool.taskSupport !== 'forbidden').map((tool) => tool.name);
    const toolsAlike = tools.every((tool) => tool.taskSupport === 'optional');
    if (client === of && state.state === 'connected') tell({ ...state, taskTools, toolsAlike });
  }

  /** A list that fails says nothing of the tasks: what was told last stands. */
  async function learnOthers(of: TaskClient): Promise<void> {
    const others = await of.listUnrecorded().catch(() => undefined);
    if (client !== of || closed) return;
    if (others !== undefined) options.onOthers(others);
    listing = setTimeout(() => void learnOthers(of), LIST_MS);
  }

  function start(): void {
    if (connecting === undefined && !closed) connecting = connect();
  }

  async function ready(): Promise<TaskClient> {
    start();
    await connecting;
    if (client !== undefined) return client;
    if (failure instanceof Error) throw failure;
    throw new TaskError('unreachable', `${identity.label} is not connected now`);
  }

  async function clientFor(record: TaskRecord): Promise<TaskClient> {
    const { sessionId } = record;
    const main = await ready();
    if (sessionId === undefined || sessionId === main.connection.negotiated.sessionId) return main;
    const known = sessions.get(sessionId);
    if (known !== undefined) return known;
    const made = options.openSession(record);
    sessions.set(sessionId, made);
    return made;
  }

  async function resume(record: TaskRecord): Promise<FollowedTask> {
    const known = handles.get(record.id);
    if (known !== undefined) return known;
    const of = await clientFor(record);
    const before = client;
    const handle = await of.get(record.id).follow();
    if (client === before) return keep(handle);
    handle.detach();
    throw new TaskError('closed', `${identity.label} went away meanwhile`);
  }

  /** One handle for each task: whoever leaves it ends the following. */
  function keep(handle: FollowedTask): FollowedTask {
    const known = handles.get(handle.id);
    if (known !== undefined) {
      handle.detach();
      return known;
    }
    handles.set(handle.id, handle);
    void noticeRefusal(handle).catch(() => undefined);
    return handle;
  }

  /** By the time the server is there, the record may have been deleted, here or elsewhere: nobody misses it. */
  async function take(record: TaskRecord): Promise<void> {
    try {
      const handle = await resume(record);
      if (wanted.has(record.id)) return;
      handles.delete(record.id);
      handle.detach();
    } catch (error) {
      // What went away while it was taken up is taken up again with the next connection.
      const isGone = error instanceof TaskError && ['not-found', 'closed'].includes(error.code);
      if (wanted.has(record.id) && !isGone) options.onNotice(wordsOf(error), record.id);
    }
  }

  /** Keeps the task that a call has become, and says what came of a call that became none. */
  async function attend(task: FollowedTask, of: TaskClient): Promise<void> {
    try {
      const { kind } = await task.accepted();
      if (kind === 'task' && client === of) keep(task);
      else task.detach();
    } catch (error) {
      task.detach();
      if (TaskError.is(error) && error.code === 'connection-lost') options.onLost(task.id, error.message);
      options.onNotice(messageOf(error));
    }
  }

  /** Credentials that stop working do so for all tasks of the server. */
  async function noticeRefusal(handle: FollowedTask): Promise<void> {
    let { status } = await handle.outcome();
    while (status === 'unreachable') ({ status } = await handle.outcome());
    if (status !== 'auth_required' || handles.get(handle.id) !== handle) return;
    const { target, label } = identity;
    const words = wordToPaste(target.kind === 'url' ? urlWords(target) : label);
    const hint = `Sign in again, at a terminal: mcp-tasks tools ${words}`;
    broke(new TaskError('auth-required', `${label} wants authentication again`, { hint }));
  }

  return {
    identity,
    get state() {
      return state;
    },
    get failure() {
      return failure;
    },
    start,
    follow(record) {
      if (wanted.has(record.id)) return;
      wanted.set(record.id, record);
      if (client === undefined) start();
      else void take(record);
    },
    unfollow(id) {
      wanted.delete(id);
      handles.get(id)?.detach();
      handles.delete(id);
    },
    handle: resume,
    async tools() {
      return (await ready()).listTools();
    },
    async adopt(taskId) {
      return keep(await (await ready()).adopt(taskId)).id;
    },
    async call(tool, args) {
      const main = await ready();
      const task = await main.start({ name: tool, arguments: args }).catch((error) => {
        options.onNotice(messageOf(error));
        throw error;
      });
      void attend(task, main);
      return task.id;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(listing);
      clearTimeout(well);
      const clients = await Promise.all([client, ...sessions.values()]);
      await Promise.all(clients.map((each) => each?.close().catch(() => undefined)));
    },
  };
}

/** Of a refusal what to do about it: nothing but a person can. */
function wordsOf(error: unknown): string {
  if (error instanceof TaskError && error.code === 'auth-required') return error.hint ?? error.message;
  return messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
