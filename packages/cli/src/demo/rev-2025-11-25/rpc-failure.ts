import type { RpcError } from '../script.ts';

/** An error as it goes out. That of the SDK writes its code into the message once more. */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor({ code, message, data }: RpcError) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
