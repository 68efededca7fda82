import type { Connection } from '../connect/connection.ts';
import { viewOf } from '../connect/connection-view.ts';
import type { JsonObject } from '../task/json.ts';

/** The position of a request in a trace, in the fields of W3C Trace Context. */
export interface TraceContext {
  /** Version, trace id, span id and flags: `00-4bf9…-00f0…-01`. A malformed one is not sent. */
  readonly traceparent?: string | undefined;
  /** Vendor-specific trace data. */
  readonly tracestate?: string | undefined;
}

const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}/;

/** The trace fields of `_meta`; undefined without a trace, or with a malformed one. */
function metaOf(trace: (() => TraceContext | undefined) | undefined): JsonObject | undefined {
  let context: TraceContext | undefined;
  try {
    context = trace?.();
  } catch {
    return undefined; // a failed trace callback must not stop a request
  }
  const { traceparent, tracestate } = context ?? {};
  if (traceparent === undefined || !TRACEPARENT.test(traceparent)) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** The same connection with the current trace context on every request, later polls included. */
export function withTrace(connection: Connection, trace: (() => TraceContext | undefined) | undefined): Connection {
  const meta = metaOf(trace);
  if (meta === undefined) return connection;
  return viewOf(connection, { meta });
}
