import {
  CallToolRequestSchema,
  CancelTaskRequestSchema,
  GetTaskPayloadRequestSchema,
  GetTaskRequestSchema,
  ListTasksRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import type { Extra } from './ask.ts';
import { RpcFailure } from './rpc-failure.ts';

const REQUESTS = {
  'tools/call': CallToolRequestSchema,
  'tasks/get': GetTaskRequestSchema,
  'tasks/result': GetTaskPayloadRequestSchema,
  'tasks/list': ListTasksRequestSchema,
  'tasks/cancel': CancelTaskRequestSchema,
} as const;

type Requests = typeof REQUESTS;
type Result = Record<string, unknown>;

export type Handlers = {
  readonly [Method in keyof Requests]: (
    params: z.infer<Requests[Method]>['params'],
    extra: Extra,
  ) => Result | Promise<Result>;
};

interface RawRequest {
  readonly method: string;
  readonly params?: unknown;
}

/**
 * Parses and dispatches a request as the fallback handler of the SDK's server: the SDK's own handlers would refuse to
 * send the malformed tasks of some tools, and report an unreadable request with another error code.
 */
export async function dispatch(handlers: Handlers, request: RawRequest, extra: Extra): Promise<Result> {
  const { method } = request;
  if (!Object.hasOwn(REQUESTS, method)) throw new RpcFailure({ code: -32601, message: `Method not found: ${method}` });
  const known = method as keyof Requests;
  const parsed = REQUESTS[known].safeParse(request);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new RpcFailure({ code: -32602, message: `Invalid ${method}: ${problems.join(', ')}` });
  }
  const handle = handlers[known] as (params: unknown, extra: Extra) => Result | Promise<Result>;
  return handle(parsed.data.params, extra);
}
