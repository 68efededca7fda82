const NEWLINE = 10;

/**
 * Limits the response's messages to `limit` bytes: the whole body, or each event of an event stream, which has no end.
 * A
 * longer message fails the body.
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
  // A constructed response lacks these properties of its exchange.
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(limited, name, { value });
  return limited;
}
