import type { Connection } from '../connect/connection.ts';
import { viewOf } from '../connect/connection-view.ts';
import type { JsonObject } from '../task/json.ts';

/** Where a request belongs in somebody's trace, in the words of W3C Trace Context. */
export interface TraceContext {
  /** Version, trace id, span id and flags: `00-4bf9…-00f0…-01`. One that is not well-formed is not sent. */
  readonly traceparent?: string | undefined;
  /** What tracing systems add. */
  readonly tracestate?: string | undefined;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}/;

/** What `_meta` carries; nothing where there is no trace, or none that a server could read. */
function metaOf(trace: (() => TraceContext | undefined) | undefined): JsonObject | undefined {
  let context: TraceContext | undefined;
  try {
    context = trace?.();
  } catch {
    return undefined; // a request is worth more than its place in a trace
  }
  const { traceparent, tracestate } = context ?? {};
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** The same connection, whose requests all carry the trace context of now: later polls, too. */
export function withTrace(connection: Connection, trace: (() => TraceContext | undefined) | undefined): Connection {
  const meta = metaOf(trace);
  if (meta === undefined) return connection;
  return viewOf(connection, { meta });
}
