import type { ErrorReport } from '../display/error-report.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

/** What a holder is asked to do. Travels over the line to our child, so that no secret stands in a command line. */
export interface HoldRequest {
  readonly resolved: ResolvedTarget;
  readonly tool: string;
  readonly arg?: readonly string[] | undefined;
  readonly args?: string | undefined;
  readonly ttlMs?: number | undefined;
  /** Jobs that a project maps count although they are not confirmed. */
  readonly allowProject?: boolean | undefined;
  /** The record whose call this one makes again. */
  readonly rerunOf?: string | undefined;
}

/** What came of the call. After this the holder is on its own. */
export type HoldReply =
  | { readonly kind: 'called'; readonly id: string; readonly pid: number }
  | { readonly kind: 'failed'; readonly report: ErrorReport; readonly id: string | null };
