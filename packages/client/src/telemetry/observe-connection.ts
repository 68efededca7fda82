import { metrics, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Connection } from '../connect/connection.ts';
import { viewOf } from '../connect/connection-view.ts';
import { isJsonObject, type JsonValue } from '../task/json.ts';
import type { ObserveOptions } from './observe-store.ts';

/** Targets of measurements and spans. */
export interface ObserveConnectionOptions extends ObserveOptions {
  /** Tracer of the spans. @default `mcp-tasks` of the global tracer provider */
  readonly tracer?: Tracer | undefined;
}

interface Due {
  readonly at: number;
}

/** Time of the next poll, by the hint in the server's last response. */
function dueAfter(result: JsonValue): Due | undefined {
  const hint = isJsonObject(result) ? result.pollIntervalMs : undefined;
  return typeof hint === 'number' ? { at: performance.now() + hint } : undefined;
}

/**
 * Wraps a connection to measure it: a span and `mcp_tasks.request.duration` for each request, by method and server, and
 * `mcp_tasks.poll.lag`, the delay of a poll after the server's hint.
 *
 * @example
 * import { createTaskWorker } from '@mcp-tasks/client';
 * import { connect } from '@mcp-tasks/client/connect';
 * import { observeConnection } from '@mcp-tasks/client/telemetry';
 *
 * const worker = createTaskWorker({
 *   store,
 *   connect: async (server, under) => observeConnection(await connect(server.target, under)),
 * });
 */
export function observeConnection(connection: Connection, options: ObserveConnectionOptions = {}): Connection {
  const { meter = metrics.getMeter('mcp-tasks'), tracer = trace.getTracer('mcp-tasks') } = options;
  const duration = meter.createHistogram('mcp_tasks.request.duration', { unit: 'ms' });
  const lag = meter.createHistogram('mcp_tasks.poll.lag', { unit: 'ms' });
  const due = new Map<string, Due>();

  const request: Connection['request'] = (method, params, requestOptions) => {
    const attributes: Record<string, string> = { method, server: connection.identity.label };
    const taskId = typeof params.taskId === 'string' ? params.taskId : undefined;
    const isPoll = method === 'tasks/get' && taskId !== undefined;
    const planned = isPoll ? due.get(taskId) : undefined;
    if (planned !== undefined) lag.record(Math.max(0, performance.now() - planned.at), { server: attributes.server });
    return tracer.startActiveSpan(method, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const since = performance.now();
      try {
        const result = await connection.request(method, params, requestOptions);
        const next = isPoll ? dueAfter(result) : undefined;
        if (taskId !== undefined && next !== undefined) due.set(taskId, next);
        else if (taskId !== undefined) due.delete(taskId);
        return result;
      } catch (error) {
        if (taskId !== undefined) due.delete(taskId);
        attributes.error = error instanceof Error ? error.name : 'error';
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        throw error;
      } finally {
        duration.record(performance.now() - since, attributes);
        span.end();
      }
    });
  };

  const view = viewOf(connection, {});
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(view), request: { value: request, enumerable: true } },
  ) as Connection;
}
