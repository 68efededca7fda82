import { mcp20260728 } from '@mcp-tasks/client/serve';
import { processClock } from '../process-clock.ts';
import { repeat } from '../timers.ts';
import { type OpenSubscription, refusalMessage } from './stdio-subscriptions.ts';

/** Interval of keep-alive comments, in ms: proxies and clients close a silent stream. */
const KEEP_ALIVE_MS = 15_000;
const MAX_OPEN = 1024;

type Fetch = (request: Request) => Promise<Response>;

/** `subscriptions/listen` with task ids over HTTP, one stream each. */
export interface StreamSubscriptions {
  /** Handles task subscriptions and passes other requests on. */
  readonly fetch: Fetch;
  readonly close: () => void;
}

export function createStreamSubscriptions(openOne: OpenSubscription, next: Fetch): StreamSubscriptions {
  const open = new Set<mcp20260728.Subscription>();

  async function serve(request: Request): Promise<Response> {
    const listen =
      request.method === 'POST'
        ? mcp20260728.parseListen(
            await request
              .clone()
              .json()
              .catch(() => undefined),
          )
        : undefined;
    // The SDK validates headers and envelope first; its own stream, which lacks tasks, is discarded.
    const checked = await next(request);
    if (listen === undefined || checked.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      return checked;
    }
    await checked.body?.cancel();
    const refusal = mcp20260728.refusalOf(listen);
    // The SDK uses these statuses for other requests too.
    if (refusal !== undefined) {
      const status = mcp20260728.tookTasks(listen.capabilities) ? 200 : 400;
      return Response.json(refusalMessage(listen.id, refusal), { status });
    }
    if (open.size >= MAX_OPEN) {
      const error = { code: -32603, message: 'Subscription limit reached' };
      return Response.json({ jsonrpc: '2.0', id: listen.id, error });
    }
    return new Response(stream(listen), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' },
    });
  }

  function stream(listen: mcp20260728.ListenRequest): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let subscription: mcp20260728.Subscription | undefined;
    let reader: 'there' | 'left' = 'there';
    return new ReadableStream({
      start(controller) {
        const write = (text: string): void => {
          if (reader === 'there') controller.enqueue(encoder.encode(text));
        };
        const stopKeepAlive = repeat(processClock, KEEP_ALIVE_MS, () => write(': keepalive\n\n'));
        const opened = openOne(listen, (message) => write(`event: message\ndata: ${JSON.stringify(message)}\n\n`));
        subscription = opened;
        open.add(opened);
        void opened.ended.then(() => {
          stopKeepAlive();
          open.delete(opened);
          if (reader === 'there') controller.close();
        });
      },
      cancel() {
        reader = 'left';
        subscription?.end(false);
      },
    });
  }

  return {
    fetch: serve,
    close() {
      for (const subscription of open) subscription.end(true);
    },
  };
}
