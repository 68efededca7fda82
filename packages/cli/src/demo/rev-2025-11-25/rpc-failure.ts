import type { RpcError } from '../tool.ts';

/** A JSON-RPC error as sent. The SDK's McpError repeats the code in the message. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor({ code, message, data }: RpcError) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
