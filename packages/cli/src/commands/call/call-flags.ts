import type { CommonFlags } from '../../context.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface CallFlags extends CommonFlags, ConnectFlags {
  readonly arg?: readonly string[];
  readonly args?: string;
  /** Opens all arguments in the editor first. */
  readonly edit?: boolean;
  readonly detach?: boolean;
  readonly timeout?: string;
  readonly keepWaiting?: boolean;
  readonly jsonl?: boolean;
  /** Prints the result's texts as the server sent them. */
  readonly raw?: boolean;
  /** Requested retention (2025-11-25). */
  readonly ttl?: string;
}
