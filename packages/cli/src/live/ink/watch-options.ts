import type { Clock } from '@mcp-tasks/client';
import type { Alert } from '../../display/task-events.ts';
import type { TerminalPrograms } from '../../session/terminal-programs.ts';
import type { LiveSession } from '../live-session.ts';
import type { OpeningScreen } from './opening-screen.ts';

export interface WatchOptions {
  readonly live: LiveSession;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Stays open when all tasks have settled, instead of counting down. */
  readonly keepOpen: boolean;
  /** Exits when all tasks have settled, whatever was pressed before. @default false */
  readonly exitWhenDone?: boolean;
  /** Disables answer, cancel, forget and call. */
  readonly readOnly: boolean;
  /** Rings the bell when a question opens or a task settles. */
  readonly bell: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  /** The opening screen, if it is already shown. */
  readonly opening?: OpeningScreen | undefined;
  readonly clock: Clock;
  /** Pager and editor of the person. */
  readonly programs: TerminalPrograms;
  /** Called when a question opens or a task settles while the view is open. */
  readonly onAlert?: (alert: Alert) => void;
}
