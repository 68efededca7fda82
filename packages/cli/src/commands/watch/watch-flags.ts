import type { CommonFlags } from '../../context.ts';
import type { StoreFlags } from '../../session/shared-store.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface WatchFlags extends CommonFlags, ConnectFlags, StoreFlags {
  readonly jsonl?: boolean;
  readonly readOnly?: boolean;
  readonly keepOpen?: boolean;
  /** Exits when all tasks have settled, whatever was pressed before. */
  readonly exitWhenDone?: boolean;
  readonly bell?: boolean;
  readonly exec?: string;
  readonly notify?: boolean;
}
