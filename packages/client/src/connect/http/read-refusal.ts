/** Limit of a refusal's body: enough for any reason that a person reads. */
const MAX_BYTES = 64 * 1024;

/** Reads the body of a refusal as text, and returns the response with that text as its body, for the SDK. */
export async function readRefusal(response: Response): Promise<{ readonly text: string; readonly response: Response }> {
  const text = await readText(response);
  const { status, statusText, headers, url, redirected, type } = response;
  const kept = new Headers(headers);
  // The text is decoded: its encoding and length do not apply.
  for (const name of ['content-encoding', 'content-length']) kept.delete(name);
  const hasBody = status >= 200 && ![204, 205, 304].includes(status);
  const again = new Response(hasBody ? text : null, { status, statusText, headers: kept });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(again, name, { value });
  return { text, response: again };
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    while (size < MAX_BYTES) {
      const { value, done } = await reader.read();
      if (done) break;
      size += value.length;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The connection broke: keep the text so far.
  }
  reader.cancel().catch(() => undefined);
  return text;
}
