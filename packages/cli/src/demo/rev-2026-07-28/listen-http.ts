import type { Demo } from '../demo.ts';
import { type ListenRequest, openSubscription, parseListen, refusalOf, type Subscription } from './listen.ts';

/** Proxies and clients take a silent stream for a dead one. */
const KEEP_ALIVE_MS = 15_000;
const MAX_OPEN = 1024;

type Fetch = (request: Request) => Promise<Response>;

export interface TaskListener {
  /** Serves requests to hear of tasks, and hands all others on. */
  readonly fetch: Fetch;
  readonly close: () => void;
}

export function createTaskListener(demo: Demo, next: Fetch): TaskListener {
  const open = new Set<Subscription>();

  async function serve(request: Request): Promise<Response> {
    const listen =
      request.method === 'POST'
        ? parseListen(
            await request
              .clone()
              .json()
              .catch(() => undefined),
          )
        : undefined;
    // The SDK looks at headers and envelope first; what it would stream itself holds nothing about tasks.
    const checked = await next(request);
    if (listen === undefined || checked.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
      return checked;
    }
    await checked.body?.cancel();
    const refusal = refusalOf(listen);
    // As the SDK answers the same for every other request.
    if (refusal !== undefined) return Response.json(refusal, { status: listen.optedIn ? 200 : 400 });
    if (open.size >= MAX_OPEN) {
      const error = { code: -32603, message: 'Subscription limit reached' };
      return Response.json({ jsonrpc: '2.0', id: listen.id, error });
    }
    return new Response(stream(listen), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' },
    });
  }

  function stream(listen: ListenRequest): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let subscription: Subscription | undefined;
    let left = false;
    return new ReadableStream({
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        let over = false;
        const keepAlive = setInterval(() => write(': keepalive\n\n'), KEEP_ALIVE_MS);
        subscription = openSubscription(
          demo,
          listen,
          (message) => write(`event: message\ndata: ${JSON.stringify(message)}\n\n`),
          () => {
            over = true;
            clearInterval(keepAlive);
            if (subscription !== undefined) open.delete(subscription);
            if (!left) controller.close();
          },
        );
        if (!over) open.add(subscription);
      },
      cancel() {
        left = true;
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
