import type { JsonValue } from './json.ts';

/** What went wrong with one request, told apart where it happens; never guessed from a message. */
export type Failure =
  /** The server answered with a JSON-RPC error. */
  | { readonly kind: 'rpc'; readonly code: number; readonly message: string; readonly data?: JsonValue | undefined }
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly message: string;
      /** From `Retry-After`, either form. */
      readonly retryAfterMs?: number | undefined;
    }
  /** 401 or 403 that refreshing did not cure. */
  | { readonly kind: 'auth'; readonly message: string }
  /** 404 on a 2025-11-25 session: the server has forgotten it and what lived in it. */
  | { readonly kind: 'session-gone'; readonly message: string }
  /** The line broke, or never stood: ECONNREFUSED, ECONNRESET, a dead child. */
  | { readonly kind: 'transport'; readonly message: string }
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'aborted'; readonly message: string }
  /** The answer was no JSON-RPC, or broke the protocol. */
  | { readonly kind: 'invalid'; readonly message: string };
