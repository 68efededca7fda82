import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { deliverReply } from './deliver-reply.ts';
import { isResponse, type Wire, type WireMessage } from './wire.ts';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';
/** Id prefix of the plain requests made from tasks; their responses stay off the wire. */
const HOSTED = 'mcp-tasks:hosted:';
const POLL_MS = 1_000;
const MAX_TTL_MS = 3_600_000;
/** Maximum of open questions. */
const MAX_OPEN = 100;

const QUESTIONS = new Set(['elicitation/create', 'sampling/createMessage']);
const POLLS = new Set(['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/list']);

type Ended = Pick<WireMessage, 'result' | 'error'>;

interface HostedTask {
  readonly taskId: string;
  readonly createdAt: number;
  readonly ttlMs: number;
  updatedAt: number;
  status: 'working' | 'completed' | 'failed' | 'cancelled';
  ended: Ended | undefined;
  /** Resolvers of blocked `tasks/result` requests. */
  readonly waiting: ((ended: Ended) => void)[];
}

/**
 * Hosts the questions that a server sends as tasks and polls (core tasks, client as receiver): handlers see a plain
 * request and give a plain answer. Returns a function that restores the wire.
 */
export function hostTasks(wire: Wire): () => void {
  const tasks = new Map<string, HostedTask>();
  const { onmessage, send } = wire;
  const replies = new Map<JsonValue, AbortController>();

  function reply(id: string | number, ended: Ended): void {
    const abort = new AbortController();
    replies.set(id, abort);
    const message = { jsonrpc: '2.0', id, ...ended } as const;
    void deliverReply(() => send.call(wire, message), abort.signal).then(() => replies.delete(id));
  }

  function createTask(ask: JsonObject): HostedTask | undefined {
    const now = Date.now();
    for (const [id, { ended, createdAt, ttlMs }] of tasks) {
      if (ended !== undefined && createdAt + ttlMs < now) tasks.delete(id);
    }
    if ([...tasks.values()].filter(({ ended }) => ended === undefined).length >= MAX_OPEN) return undefined;
    const ttlMs = typeof ask.ttl === 'number' && ask.ttl > 0 ? Math.min(ask.ttl, MAX_TTL_MS) : MAX_TTL_MS;
    const taskId = crypto.randomUUID();
    const initial = { createdAt: now, updatedAt: now, status: 'working', ended: undefined, waiting: [] } as const;
    const task: HostedTask = { taskId, ttlMs, ...initial, waiting: [] };
    tasks.set(taskId, task);
    return task;
  }

  function endTask(task: HostedTask, status: HostedTask['status'], ended: Ended): void {
    if (task.ended !== undefined) return;
    Object.assign(task, { status, ended, updatedAt: Date.now() });
    for (const resolve of task.waiting.splice(0)) resolve(ended);
  }

  /** Replies with a task, and passes the question to the handlers as a plain request. */
  function receiveTask(id: string | number, method: string, { task: ask, ...params }: JsonObject): void {
    const task = createTask(isJsonObject(ask) ? ask : {});
    if (task === undefined) reply(id, refusal(-32603, 'Too many questions are open'));
    else {
      reply(id, { result: { task: snapshotOf(task) } });
      onmessage?.call(wire, { jsonrpc: '2.0', id: `${HOSTED}${task.taskId}`, method, params });
    }
  }

  function cancel(task: HostedTask): Ended {
    if (task.ended !== undefined) return refusal(-32602, `The task has already ended: ${task.status}`);
    endTask(task, 'cancelled', refusal(-32603, 'The task was cancelled'));
    const params = { requestId: `${HOSTED}${task.taskId}` };
    onmessage?.call(wire, { jsonrpc: '2.0', method: 'notifications/cancelled', params });
    return { result: snapshotOf(task) };
  }

  /** Response to a poll; `tasks/result` waits for the end of the task. */
  async function answerPoll(method: string, { taskId }: JsonObject): Promise<Ended> {
    if (method === 'tasks/list') return { result: { tasks: [...tasks.values()].map(snapshotOf) } };
    const task = typeof taskId === 'string' ? tasks.get(taskId) : undefined;
    if (task === undefined) return refusal(-32602, 'There is no such task');
    if (method === 'tasks/get') return { result: snapshotOf(task) };
    if (method === 'tasks/cancel') return cancel(task);
    const ended = task.ended ?? (await new Promise<Ended>((resolve) => task.waiting.push(resolve)));
    return withRelated(ended, task.taskId);
  }

  const receive: NonNullable<Wire['onmessage']> = (message, extra) => {
    const { id, method, params = {} } = message;
    if (id !== undefined && method !== undefined && isJsonObject(params.task) && QUESTIONS.has(method)) {
      receiveTask(id, method, params);
    } else if (id !== undefined && method !== undefined && POLLS.has(method)) {
      void answerPoll(method, params).then((answer) => reply(id, answer));
    } else {
      if (method === 'notifications/cancelled') replies.get(params.requestId ?? null)?.abort();
      onmessage?.call(wire, message, extra);
    }
  };
  wire.onmessage = receive;
  const sendThrough: Wire['send'] = async (message, options) => {
    const { id, result, error } = message;
    const isOurs = isResponse(message) && typeof id === 'string' && id.startsWith(HOSTED);
    if (!isOurs) return send.call(wire, message, options);
    const task = tasks.get(id.slice(HOSTED.length));
    if (task === undefined) return;
    if (error === undefined) endTask(task, 'completed', { result: result ?? {} });
    else endTask(task, 'failed', { error });
  };
  wire.send = sendThrough;

  return () => {
    for (const abort of replies.values()) abort.abort();
    if (wire.onmessage === receive) wire.onmessage = onmessage;
    if (wire.send === sendThrough) wire.send = send;
  };
}

function snapshotOf({ taskId, status, createdAt, updatedAt, ttlMs }: HostedTask): JsonObject {
  const times = { createdAt: new Date(createdAt).toISOString(), lastUpdatedAt: new Date(updatedAt).toISOString() };
  return { taskId, status, ...times, ttl: ttlMs, pollInterval: POLL_MS };
}

function withRelated({ result, error }: Ended, taskId: string): Ended {
  if (error !== undefined) return { error };
  const body: JsonObject = isJsonObject(result) ? result : {};
  const meta: JsonValue = { ...(isJsonObject(body._meta) ? body._meta : {}), [RELATED_TASK]: { taskId } };
  return { result: { ...body, _meta: meta } };
}

function refusal(code: number, message: string): Ended {
  return { error: { code, message } };
}
