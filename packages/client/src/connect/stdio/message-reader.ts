import type { Failure } from '../../task/failure.ts';
import { MAX_MESSAGE_BYTES, tooLong } from '../wire/classify.ts';
import { readJson } from '../wire/read-json.ts';
import type { WireMessage } from '../wire/wire.ts';
import { createLineReader } from './line-reader.ts';

export interface MessageReaderOptions {
  readonly onMessage: (message: WireMessage) => void;
  /** Called for an unreadable message. Its text may contain the id of the request. */
  readonly onLost: (failure: Failure, text: string) => void;
  /** Called with the same problem as text for a person. */
  readonly onRemark: (remark: string) => void;
}

/** Reads a server's standard output: one JSON-RPC message per line. */
export function createMessageReader({ onMessage, onLost, onRemark }: MessageReaderOptions): (chunk: Buffer) => void {
  return createLineReader(
    MAX_MESSAGE_BYTES,
    (line) => {
      if (line.trim() === '') return;
      const message = parse(line);
      if (typeof message === 'object') return onMessage(message);
      const [what, remark] = message === 'no JSON' ? ['JSON', 'Not a message'] : ['JSON-RPC', 'Not JSON-RPC'];
      onLost({ kind: 'invalid', message: `it sent a message that is not ${what}` }, line);
      onRemark(`${remark} on its standard output: ${line.slice(0, 200)}`);
    },
    (head) => onLost(tooLong, head),
  );
}

function parse(line: string): WireMessage | 'no JSON' | 'no JSON-RPC' {
  let message: unknown;
  try {
    message = readJson(line);
  } catch {
    return 'no JSON';
  }
  const isMessage = typeof message === 'object' && (message as WireMessage | null)?.jsonrpc === '2.0';
  return isMessage ? (message as WireMessage) : 'no JSON-RPC';
}
