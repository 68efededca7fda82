import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionDropped } from '../mcp-server/serve-fetch.ts';
import type { Chaos } from './chaos.ts';
import type { Demo } from './demo.ts';

type Fetch = (request: Request) => Promise<Response>;

const MAX_COUNTED_TASKS = 1000;

/** Injects faults: `--chaos` counts all requests, a tool's arguments count only the requests about its task. */
export function withChaos(demo: Demo, next: Fetch): Fetch {
  const counts = new Map<string, number>();
  const count = (key: string): number => {
    const counted = (counts.get(key) ?? 0) + 1;
    counts.delete(key);
    counts.set(key, counted);
    const [oldest] = counts.keys();
    if (counts.size > MAX_COUNTED_TASKS && oldest !== undefined) counts.delete(oldest);
    return counted;
  };
  let total = 0;

  return async (request) => {
    const taskId = await taskOf(request);
    const own = taskId === undefined ? undefined : await chaosOf(demo, taskId);
    total += 1;
    const plans = [plan(demo.options.chaos ?? {}, total)];
    if (taskId !== undefined && own !== undefined) plans.push(plan(own, count(taskId)));
    for (const { latencyMs } of plans) if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: request.signal });
    if (plans.some(({ drop }) => drop)) throw new ConnectionDropped();
    const refused = plans.find(({ refusal }) => refusal !== undefined)?.refusal;
    if (refused !== undefined) return refused;
    const answer = await next(request);
    if (!plans.some(({ lose }) => lose)) return answer;
    // The GET stream for notifications never ends by itself.
    if (request.method === 'GET') await answer.body?.cancel();
    else await answer.text();
    throw new ConnectionDropped();
  };
}

function plan(chaos: Chaos, nth: number) {
  const hits = (every: number | undefined) => every !== undefined && every > 0 && nth % every === 0;
  const retryAfter = { 'retry-after': String(chaos.retryAfterSeconds ?? 1) };
  const refuse = (status: number, message: string) =>
    Response.json({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }, { status, headers: retryAfter });
  return {
    latencyMs: chaos.latencyMs ?? 0,
    drop: hits(chaos.dropEvery),
    lose: hits(chaos.loseEvery),
    refusal: hits(chaos.throttleEvery)
      ? refuse(429, 'Too many requests')
      : hits(chaos.unavailableEvery)
        ? refuse(503, 'Unavailable')
        : undefined,
  };
}

async function taskOf(request: Request): Promise<string | undefined> {
  if (request.method !== 'POST') return undefined;
  const body = (await request
    .clone()
    .json()
    .catch(() => undefined)) as { readonly params?: { readonly taskId?: unknown } } | undefined;
  const taskId = body?.params?.taskId;
  return typeof taskId === 'string' ? taskId : undefined;
}

async function chaosOf(demo: Demo, taskId: string): Promise<Chaos | undefined> {
  const task = await demo.host.find(taskId);
  return task === undefined ? undefined : demo.tools.get(task.tool)?.oddities?.(task.arguments).chaos;
}
