import type { TaskHandle } from '../api/handle-api.ts';
import type { MailboxTask } from '../api/mailbox-api.ts';
import type { RecordPage } from '../store/task-store.ts';
import { isJsonObject } from '../task/json.ts';
import { own } from '../task/own.ts';
import type { TaskRecord } from '../task/record.ts';
import { systemClock } from '../worker/system-clock.ts';
import { eventId, eventStream } from './event-stream.ts';
import { empty, Refusal, readBody, reply, replyOf, replyOfUnsent, streamReply } from './replies.ts';
import type { Access, TaskRoutesOptions, TaskSource } from './routes-api.ts';
import { eventJson, taskJson } from './task-json.ts';

type Task = TaskHandle | MailboxTask;

/** A request of a caller who may see the task. */
interface Asked {
  readonly request: Request;
  readonly task: Task;
  readonly record: TaskRecord;
}

/**
 * Routes to a host's tasks for its own pages: a `(Request) => Response` for Hono, Express and workers.
 *
 * | route | answers |
 * |---|---|
 * | `GET /tasks?open&asking&limit&after` | `{ tasks, next }` |
 * | `GET /tasks/ID` | `{ task }` |
 * | `GET /tasks/ID/events` | server-sent events, resumable by `Last-Event-ID`; 204 after the last event |
 * | `POST /tasks/ID/answers` `{ key, digest, response }` | `{ task }`; 202 if it is saved, not yet acknowledged |
 * | `POST /tasks/ID/cancel` `{}` | `{ task }`; 202 likewise |
 *
 * Errors are `{ error: { code, message, hint?, problems? } }`.
 * @example
 * import { taskRoutes } from '@mcp-tasks/client/routes';
 *
 * const routes = taskRoutes(tasks, {
 *   authorize(request) {
 *     const user = request.headers.get('x-user'); // set by the sign-in proxy
 *     return user === null ? undefined : { labels: { user } };
 *   },
 * });
 * const response = await routes(new Request('http://localhost/tasks?open'));
 */
export function taskRoutes(source: TaskSource, options: TaskRoutesOptions): (request: Request) => Promise<Response> {
  const { authorize, basePath = '/tasks', clock = systemClock, keepAliveMs = 15_000, waitMs = 10_000 } = options;

  async function list(url: URL, { labels }: Access): Promise<Response> {
    const { searchParams } = url;
    const filter = { open: flag(searchParams, 'open'), asking: flag(searchParams, 'asking'), labels };
    const page = await listOf(source, filter, {
      limit: limitOf(searchParams),
      after: searchParams.get('after') ?? undefined,
    });
    return reply({ tasks: page.records.map(taskJson), next: page.next ?? null });
  }

  /** Another user's task is reported as not found. */
  async function find(
    id: string,
    { labels = {} }: Access,
  ): Promise<{ readonly task: Task; readonly record: TaskRecord }> {
    const task = source.get(id);
    const record = await task.record();
    const isTheirs = Object.entries(labels).every(([name, value]) => own(record.labels, name) === value);
    if (record.id !== id || !isTheirs) throw new Refusal(404, 'not-found', `There is no task ${JSON.stringify(id)}`);
    return { task, record };
  }

  function events({ request, task, record }: Asked): Response {
    const lastEventId = request.headers.get('last-event-id');
    const { outcome } = record;
    // A browser reconnects an ended stream again and again, until it gets a 204.
    if (outcome !== null && lastEventId === eventId(eventJson({ kind: 'settled', outcome, record }))) return empty(204);
    return streamReply(eventStream({ task, lastEventId, keepAliveMs, clock }));
  }

  async function answer({ request, task }: Asked): Promise<Response> {
    const { key, digest, response } = await readBody(request);
    if (typeof key !== 'string' || typeof digest !== 'string' || !isJsonObject(response)) {
      throw new Refusal(400, 'answer-malformed', 'Send { key, digest, response }, as the question was read');
    }
    const question = await task.question(key, digest);
    const unsent = await send((signal) => question.answer(response, { signal }));
    return unsent ?? reply({ task: taskJson(await task.record()) });
  }

  async function cancel({ request, task }: Asked): Promise<Response> {
    await readBody(request);
    const unsent = await send((signal) => task.cancel({ signal }));
    return unsent ?? reply({ task: taskJson(await task.record()) });
  }

  /** Waits for the server to take an answer or a cancel; resolves to the reply if it did not within `waitMs`. */
  function send(work: (signal: AbortSignal) => Promise<void>): Promise<Response | undefined> {
    const timeUp = new AbortController();
    const stop = clock.schedule(waitMs, () => timeUp.abort());
    return work(timeUp.signal)
      .then(() => undefined, replyOfUnsent)
      .finally(stop);
  }

  async function route(request: Request): Promise<Response> {
    const access = await authorize(request);
    if (access instanceof Response) return access;
    if (access === undefined) throw new Refusal(401, 'not-signed-in', 'Sign in first');
    const url = new URL(request.url);
    const [id, action, ...rest] = pathBelow(basePath, url.pathname);
    const wanted = `${request.method} ${rest.length > 0 ? 'unknown' : nameOf(id, action)}`;
    if (request.method === 'POST' && access.canAct === false)
      throw new Refusal(403, 'read-only', 'You may read tasks, not answer or cancel them');
    const asked = async (): Promise<Asked> => ({ request, ...(await find(id ?? '', access)) });
    switch (wanted) {
      case 'GET list':
        return list(url, access);
      case 'GET task':
        return reply({ task: taskJson((await asked()).record) });
      case 'GET events':
        return events(await asked());
      case 'POST answers':
        return answer(await asked());
      case 'POST cancel':
        return cancel(await asked());
      default:
        throw new Refusal(404, 'no-such-route', `No such route: ${request.method} ${url.pathname}`);
    }
  }

  return (request) => route(request).catch(replyOf);
}

const ACTIONS = ['events', 'answers', 'cancel'];

function nameOf(id: string | undefined, action: string | undefined): string {
  if (id === undefined) return 'list';
  if (action === undefined) return 'task';
  return ACTIONS.includes(action) ? action : 'unknown';
}

/** @throws {Refusal} for a path outside `basePath` */
function pathBelow(basePath: string, path: string): readonly string[] {
  const base = basePath.replace(/\/+$/, '');
  if (path !== base && !path.startsWith(`${base}/`)) throw new Refusal(404, 'no-such-route', `No such path: ${path}`);
  const parts = path
    .slice(base.length)
    .split('/')
    .filter((part) => part !== '');
  try {
    return parts.map(decodeURIComponent);
  } catch {
    throw new Refusal(400, 'no-such-route', 'The path is not encoded as a URL');
  }
}

function flag(params: URLSearchParams, name: string): boolean | undefined {
  const value = params.get(name);
  return value === null ? undefined : value !== 'false' && value !== '0';
}

const MAX_PAGE = 200;

function limitOf(params: URLSearchParams): number {
  const limit = Number(params.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Refusal(400, 'limit-invalid', `limit must be a number from 1 to ${MAX_PAGE}`);
  return Math.min(limit, MAX_PAGE);
}

interface Filter {
  readonly open: boolean | undefined;
  readonly asking: boolean | undefined;
  readonly labels: Access['labels'];
}

function listOf(
  source: TaskSource,
  { open, asking, labels }: Filter,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<RecordPage> {
  const filter = {
    ...(open === true ? { open } : {}),
    ...(asking === true ? { asking } : {}),
    ...(labels === undefined ? {} : { labels }),
  };
  const page = { limit, ...(after === undefined ? {} : { after }) };
  return 'start' in source ? source.list({ ...filter, ...page }) : source.list(filter, page);
}
