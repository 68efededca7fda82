const NEWLINE = 10;

/**
 * The same response, whose body fails once a message in it is longer than `limit` bytes: the whole body, or one event
 * of a stream of events, which may go on for ever.
 */
export function limitBody(response: Response, limit: number, tooLong: () => Error): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  let size = 0;
  const guard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const lineEnd = isStream ? chunk.lastIndexOf(NEWLINE) : -1;
      const longest = lineEnd === -1 ? size + chunk.length : size + chunk.indexOf(NEWLINE);
      if (longest > limit) return controller.error(tooLong());
      size = lineEnd === -1 ? longest : chunk.length - lineEnd - 1;
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers, url, redirected, type } = response;
  const limited = new Response(response.body.pipeThrough(guard), { status, statusText, headers });
  // What a response that we make ourselves does not know of its exchange.
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(limited, name, { value });
  return limited;
}
