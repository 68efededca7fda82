import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Key of `_meta` with the worker that sends the request and its fence. */
export const SENDER = 'fleet/sender';

export interface Sender {
  readonly worker: string;
  readonly fence: number;
}

interface ServedTask {
  status: 'working' | 'input_required' | 'completed';
  /** Number of questions asked; it is the key of the question. */
  asked: number;
  readonly answers: Map<string, string>;
  fence: number;
  /** Polls in progress. */
  polling: number;
  polledAt: number;
}

/** Counts that must stay zero, and measurements. */
export interface ServerCount {
  polls: number;
  /** Polls during another poll of the same task. */
  overlaps: number;
  /** Requests with a fence lower than an earlier one of the task. */
  stale: number;
  /** A different answer to an answered question. */
  doubleAnswers: number;
  /** The same answer repeated after a lost reply. */
  repeatedAnswers: number;
  answered: number;
}

const DISCOVERED = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } },
  serverInfo: { name: 'fleet', version: '1' },
  ttlMs: 0,
  cacheScope: 'private',
};
const QUESTION = {
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message: 'Go on?',
    requestedSchema: { type: 'object', properties: { round: { type: 'string' } } },
  },
};
/** Duration of a poll, so that two can overlap, in ms. */
const WORK_MS = 10;

type Senders = Readonly<Record<string, Sender>>;
type Params = { readonly taskId?: string; readonly _meta?: object; readonly inputResponses?: object };

/** A server of 2026-07-28 over HTTP that counts faults of a fleet. */
export async function startCountingServer(hintMs: number) {
  const tasks = new Map<string, ServedTask>();
  const count: ServerCount = { polls: 0, overlaps: 0, stale: 0, doubleAnswers: 0, repeatedAnswers: 0, answered: 0 };
  /** Retry-After of the next poll, in seconds. */
  let retryAfter: number | undefined;
  const notices: string[] = [];
  const notice = (text: string): void => {
    notices.push(text);
    counting.onNotice(text);
  };

  function taskOf(id: string): ServedTask {
    const fresh = { status: 'working', asked: 0, answers: new Map(), fence: 0, polling: 0, polledAt: 0 };
    const task = tasks.get(id) ?? (fresh as ServedTask);
    tasks.set(id, task);
    return task;
  }

  function checkSender(method: string, id: string, task: ServedTask, { _meta }: Params): void {
    const sender = (_meta as Senders | undefined)?.[SENDER];
    if (sender === undefined) return;
    if (sender.fence < task.fence) {
      count.stale += 1;
      notice(`${method} of ${id} by ${sender.worker} under fence ${sender.fence}, after ${task.fence}`);
    }
    task.fence = Math.max(task.fence, sender.fence);
  }

  function view(id: string, { status, asked }: ServedTask): object {
    const base = { taskId: id, status, ttlMs: null, pollIntervalMs: hintMs };
    if (status === 'completed') return { ...base, result: { content: [{ type: 'text', text: id }] } };
    return status === 'input_required' ? { ...base, inputRequests: { [`q${asked}`]: QUESTION } } : base;
  }

  function poll(id: string, task: ServedTask, response: ServerResponse, send: (result: object) => void): void {
    count.polls += 1;
    task.polledAt = Date.now();
    if (task.polling > 0) {
      count.overlaps += 1;
      notice(`polls of ${id} overlap`);
    }
    task.polling += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) task.polling -= 1;
      isOver = true;
    };
    response.on('close', over);
    setTimeout(() => {
      send(view(id, task));
      over();
    }, WORK_MS);
  }

  function answer(id: string, task: ServedTask, { inputResponses = {} }: Params): void {
    for (const [key, response] of Object.entries(inputResponses)) {
      const words = JSON.stringify(response);
      const before = task.answers.get(key);
      if (before === words) count.repeatedAnswers += 1;
      else if (before !== undefined) count.doubleAnswers += 1;
      task.answers.set(key, words);
      if (before !== undefined || key !== `q${task.asked}`) continue;
      count.answered += 1;
      counting.onAnswer(id, key);
      if (task.status === 'input_required') task.status = 'working';
    }
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method, params = {} } = JSON.parse(text) as { id: number; method: string; params?: Params };
      const send = (result: object): void => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      };
      const refuse = (): void => {
        const error = { code: -32601, message: `${method} is not offered` };
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      };
      if (method === 'server/discover') return send(DISCOVERED);
      const { taskId } = params;
      if (taskId === undefined) return refuse();
      const task = taskOf(taskId);
      checkSender(method, taskId, task, params);
      if (method === 'tasks/get') counting.onPoll((params._meta as Senders | undefined)?.[SENDER]?.worker ?? '');
      if (method === 'tasks/get' && retryAfter !== undefined) {
        response.writeHead(429, { 'retry-after': String(retryAfter) }).end();
        retryAfter = undefined;
        return;
      }
      if (method === 'tasks/get') return poll(taskId, task, response, send);
      if (method === 'tasks/update') answer(taskId, task, params);
      return send({ resultType: 'complete' });
    });
  }

  const server = createServer(handle);
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const counting = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    tasks,
    /** Refuses the next poll with this Retry-After, in seconds. */
    refuseNextPoll(seconds: number): void {
      retryAfter = seconds;
    },
    /** Called with the worker of each poll. */
    onPoll: (_worker: string): void => undefined,
    /** Called when a count that must stay zero rises. */
    onNotice: (_text: string): void => undefined,
    /** Called with the first answer to each question. */
    onAnswer: (_taskId: string, _key: string): void => undefined,
    count,
    notices,
    /** Opens a question of the task; returns false while one is open. */
    ask(id: string): boolean {
      const task = taskOf(id);
      if (task.status !== 'working') return false;
      task.status = 'input_required';
      task.asked += 1;
      return true;
    },
    finish(id: string): void {
      taskOf(id).status = 'completed';
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  return counting;
}

export type CountingServer = Awaited<ReturnType<typeof startCountingServer>>;
