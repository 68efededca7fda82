import { lostDigits } from '../../task/lost-digits.ts';
import { readJson } from '../wire/read-json.ts';
import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import { createLineEnds } from './line-ends.ts';

/** Repairs an event stream line by line: tidies responses, and completes a last event without its blank line. */
export function tidyEvents(response: Response, asked: Asked | undefined): Response {
  if (response.body === null) return response;
  // `TextEncoderStream` checks each character: seconds for a large result.
  const encoder = new TextEncoder();
  const lineEnds = createLineEnds();
  let parts: string[] = [];
  const lines = new TransformStream<string, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      const chunk = lineEnds(piece);
      const end = chunk.lastIndexOf('\n');
      if (end === -1) {
        parts.push(chunk);
        return;
      }
      const whole = `${parts.join('')}${chunk.slice(0, end)}`;
      parts = [chunk.slice(end + 1)];
      controller.enqueue(encoder.encode(`${whole.split('\n').map(tidyLine).join('\n')}\n`));
    },
    flush(controller) {
      controller.enqueue(encoder.encode(`${tidyLine(parts.join(''))}\n\n`));
    },
  });
  const tidyLine = (line: string): string => {
    const data = /^data: ?(\{.*\})\r?$/.exec(line)?.[1];
    if (data === undefined) return line;
    return data.includes('"error"') || lostDigits(data) !== undefined ? `data: ${tidyText(data, asked)}` : line;
  };
  const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(lines);
  const { status, statusText, headers, url, redirected, type } = response;
  const tidied = new Response(body, { status, statusText, headers });
  for (const [name, value] of Object.entries({ url, redirected, type })) Object.defineProperty(tidied, name, { value });
  return tidied;
}

function tidyText(data: string, asked: Asked | undefined): string {
  try {
    return JSON.stringify(tidyMessage(readJson(data), asked));
  } catch {
    return data; // part of a multi-line event, which the reader joins
  }
}
