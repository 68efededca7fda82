const NEWLINE = 10;
const RETURN = 13;

/**
 * Limits the response's messages to `limit` bytes: the whole body, or each event of an event stream, which has no end.
 * A longer message fails the body.
 */
export function limitBody(response: Response, limit: number, tooLong: () => Error): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const count = isStream ? createEventCount() : createByteCount();
  const guard = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (count(chunk) > limit) controller.error(tooLong());
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers, url, redirected, type } = response;
  const limited = new Response(response.body.pipeThrough(guard), { status, statusText, headers });
  // A constructed response lacks these properties of its exchange.
  for (const [name, value] of Object.entries({ url, redirected, type }))
    Object.defineProperty(limited, name, { value });
  return limited;
}

/** Takes the next chunk; returns the size of the longest message so far, in bytes. */
type Count = (chunk: Uint8Array) => number;

function createByteCount(): Count {
  let size = 0;
  return ({ length }) => {
    size += length;
    return size;
  };
}

/** A blank line ends an event: one event may have any number of lines. */
function createEventCount(): Count {
  let size = 0;
  let isLineStart = true;
  return (chunk) => {
    let longest = 0;
    for (let from = 0; from < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline === -1 ? chunk.length : newline;
      // A line that is empty but for its carriage return is blank, too.
      const isBlank = isLineStart && (end === from || (end === from + 1 && chunk[from] === RETURN));
      size += end - from;
      longest = Math.max(longest, size);
      if (isBlank && newline !== -1) size = 0;
      isLineStart = isBlank || newline !== -1;
      from = end + 1;
    }
    return longest;
  };
}
