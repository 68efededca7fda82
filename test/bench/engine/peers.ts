import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@mcp-tasks/client';
import {
  type ConnectedMcpSessionPort,
  type SerializedTaskReference,
  withTasks,
} from '@modelcontextprotocol/ext-tasks/client';
import type { World } from './open-world.ts';

/** Polls start in groups: waking up for each poll would measure the wake-ups. */
const GROUP_MS = 25;

/** Delay of a task's first poll: all first polls are spread over one hint. */
export function firstPollMs(n: number, tasks: number, hintMs: number): number {
  return Math.floor(((n / tasks) * hintMs) / GROUP_MS) * GROUP_MS;
}

/** The minimal loop: poll, and poll again after the hint. */
export async function driveBare({ ids, send }: World, hintMs: number, stop?: AbortSignal): Promise<void> {
  await Promise.all(
    ids.map(async (taskId, n) => {
      await sleep(firstPollMs(n, ids.length, hintMs));
      while (stop?.aborted !== true) {
        const task = (await send('tasks/get', { taskId })) as JsonObject;
        if (task.status !== 'working') return;
        await sleep(Number(task.pollIntervalMs), undefined, { ref: stop === undefined });
      }
    }),
  );
}

/** ext-tasks on a port that reaches the server by the shortest path. */
export async function driveExtTasks({ ids, send }: World, hintMs: number, stop?: AbortSignal): Promise<void> {
  const port: ConnectedMcpSessionPort = {
    endpointId: 'bench',
    taskCapabilities: { generation: 'v2', capabilities: {} },
    async dispatch(request) {
      const { method, params } = request as { method: string; params: JsonObject };
      return { kind: 'result', result: (await send(method, params)) as never };
    },
    onServerRequest: () => () => undefined,
    onNotification: () => () => undefined,
    onInvalidated: () => () => undefined,
    invalidated: false,
  };
  const session = withTasks(port);
  const ends = ids.map(async (taskId, n) => {
    await sleep(firstPollMs(n, ids.length, hintMs));
    const reference = { endpointId: 'bench', generation: 'v2', taskId, originalOperation: 'tools/call' };
    const execution = await session.resumeTask(reference as SerializedTaskReference);
    const { outcome } = await execution.settle();
    if (outcome.status !== 'completed') throw new Error(`${taskId} is ${outcome.status}`);
  });
  if (stop === undefined) await Promise.all(ends);
  else for (const end of ends) end.catch(() => undefined);
}
