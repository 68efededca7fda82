import type { ProgramAnswers } from '@mcp-tasks/client';
import type { KeeperPlace } from '@mcp-tasks/client/keeper';
import type { ErrorReport } from '../display/error-report.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';

type Answered = ProgramAnswers['methods'];

/** The server to keep, and the socket to listen on. */
export interface KeepRequest {
  readonly resolved: ResolvedTarget;
  readonly place: KeeperPlace;
  /** Restart policy of a server that dies: `once`, or `always` with back-off. */
  readonly restart: 'once' | 'always';
  /** Use a project's job mappings without confirmation. */
  readonly allowProject?: boolean | undefined;
  /** Requests of the server that hosts answer; declared to the server. @default none */
  readonly answers?: Answered | undefined;
}

/** `keeps`: a keeper is listening, either this one or another that started first. */
export type KeepReply = { readonly kind: 'keeps' } | { readonly kind: 'failed'; readonly report: ErrorReport };
