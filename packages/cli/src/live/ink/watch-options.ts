import type { Clock } from '@mcp-tasks/client';
import type { Alert } from '../../display/task-events.ts';
import type { TerminalPrograms } from '../../session/terminal-programs.ts';
import type { Desk } from '../live-session.ts';

export interface WatchOptions {
  readonly desk: Desk;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Stay when everything has settled, instead of counting down. */
  readonly keepOpen: boolean;
  /** Leave when everything has settled, whatever was pressed before. @default false */
  readonly exitWhenDone?: boolean;
  /** Look only: no answer, cancel, forget or call. */
  readonly readOnly: boolean;
  /** Ring when a question opens or a task settles. */
  readonly bell: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly clock: Clock;
  /** The person's pager and editor. */
  readonly programs: TerminalPrograms;
  /** Told when a question opens or a task settles while the view is open. */
  readonly onAlert?: (alert: Alert) => void;
}
