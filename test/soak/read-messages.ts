import type { JsonRecord } from './wire-ledger.ts';

export interface MessageReader {
  push(chunk: Buffer): void;
  end(): void;
}

/** Reads JSON-RPC messages from a body as it streams: one JSON document, or SSE events. */
export function readMessages(contentType: string | undefined, onMessage: (message: JsonRecord) => void): MessageReader {
  let text = '';
  const isStream = contentType?.startsWith('text/event-stream') === true;
  const emit = (json: string): void => {
    try {
      onMessage(JSON.parse(json) as JsonRecord);
    } catch {
      // An error page, or the end of a truncated reply.
    }
  };
  const decoder = new TextDecoder();
  return {
    push(chunk) {
      text += decoder.decode(chunk, { stream: true });
      if (!isStream) return;
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop() ?? '';
      for (const event of events) {
        const data = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
        if (data.length > 0) emit(data.map((line) => line.slice(5).trimStart()).join('\n'));
      }
    },
    end() {
      if (!isStream && text !== '') emit(text);
    },
  };
}
