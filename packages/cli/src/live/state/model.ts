import type { JsonObject, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import type { FormState } from '../../forms/form-state.ts';
import type { TextInput } from '../../forms/text-input.ts';
import type { LogMessage } from '../../targets/listen-to-logs.ts';
import type { Polling, ServerState, WorkUnderWay } from '../live-session.ts';

export interface ServerInfo {
  readonly fingerprint: string;
  readonly label: string;
  readonly state: ServerState;
  readonly detail?: string | undefined;
  /** Undefined until the server has listed its tools. */
  readonly taskTools?: readonly string[] | undefined;
  /** True if every tool may create a task according to the server. */
  readonly toolsAlike?: boolean | undefined;
}

/** A server's log message with its arrival time. */
export interface LogEntry extends LogMessage {
  readonly at: number;
}

/** Reference to a task's question, as its form uses it. */
export interface QuestionRef {
  readonly id: string;
  readonly key: string;
  /** Digest of the question when the form opened: a changed question gets a new form. */
  readonly digest: string;
}

export type Page =
  | { readonly kind: 'list' }
  | { readonly kind: 'detail'; readonly id: string; readonly scroll: number }
  | {
      readonly kind: 'question';
      readonly question: QuestionRef;
      readonly form: FormState;
      readonly back: Page;
      /** Ids of the marked tasks, if only these are being answered. */
      readonly among?: ReadonlySet<string>;
    }
  /** The question was withdrawn: keys are ignored until the person has confirmed that. */
  | { readonly kind: 'withdrawn'; readonly text: string; readonly back: Page }
  | { readonly kind: 'pick-server'; readonly at: number }
  | {
      readonly kind: 'pick-tool';
      readonly fingerprint: string;
      readonly tools: 'loading' | readonly ToolDescription[] | { readonly failed: string };
      readonly at: number;
      readonly filter: TextInput;
      /** A repeated call: its form opens, filled in, once the tools are loaded. */
      readonly again?: { readonly id: string; readonly tool: string; readonly args: JsonObject };
    }
  | {
      readonly kind: 'call';
      readonly fingerprint: string;
      readonly tool: ToolDescription;
      readonly form: FormState;
      /** Id of the record whose call this one repeats. */
      readonly rerunOf?: string;
    };

export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  /** `others` are the ids of further marked tasks to which the action applies. */
  | {
      readonly kind: 'confirm';
      readonly act: 'cancel' | 'forget';
      readonly id: string;
      readonly others?: readonly string[];
    }
  /** Running work that the exit ends or leaves to keepers; null while it is being found. */
  | { readonly kind: 'leaving'; readonly reason: 'quit' | 'interrupted'; readonly work: WorkUnderWay | null };

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'bad';
  readonly until: number;
}

export interface Model {
  readonly now: number;
  readonly openedAt: number;
  readonly columns: number;
  readonly rows: number;
  readonly keepOpen: boolean;
  /** Exits when all tasks have settled, whatever was pressed before. */
  readonly exitWhenDone: boolean;
  readonly readOnly: boolean;
  /** Title of the list when a command uses it only to pick a task. */
  readonly title?: string;
  readonly records: ReadonlyMap<string, TaskRecord>;
  /** Ids of other callers' tasks without a record here: read-only until a person adopts or cancels one. */
  readonly others: ReadonlySet<string>;
  /** Polling state of the task on the screen; null until known. */
  readonly polling: (Polling & { readonly id: string }) | null;
  /** Ids in list order, after the filter. */
  readonly order: readonly string[];
  /** False until the first records have arrived: an empty list is not yet conclusive. */
  readonly isLoaded: boolean;
  readonly servers: ReadonlyMap<string, ServerInfo>;
  /** Last log messages by server. */
  readonly logs: ReadonlyMap<string, readonly LogEntry[]>;
  readonly detached: ReadonlySet<string>;
  /** Ids with a cancellation requested here but not saved yet. */
  readonly cancelling: ReadonlySet<string>;
  /** Ids and keys of answers being sent, so that they are not offered again. */
  readonly answering: ReadonlySet<string>;
  /** Unfinished forms by id, key and digest. */
  readonly drafts: ReadonlyMap<string, FormState>;
  /** Id of the selected row; null without one. */
  readonly selected: string | null;
  /** Ids of marked rows, on which actions apply together. */
  readonly marked: ReadonlySet<string>;
  readonly filter: TextInput;
  readonly filtering: boolean;
  /** Groups tasks by server, under its name. */
  readonly groupsByServer: boolean;
  /** Lists only running tasks and those with open questions. */
  readonly hidesSettled: boolean;
  readonly page: Page;
  /** Time at which this page, or step of its form, opened. */
  readonly pageSince: number;
  readonly overlay: Overlay | null;
  readonly notice: Notice | null;
  /** A lasting warning, shown on every page. */
  readonly warning: string | null;
  readonly calling: number;
  /** True after a key press or a call here: the view no longer exits by itself. */
  readonly staysOpen: boolean;
  readonly leavesAt: number | null;
}

export interface ModelSettings {
  readonly now: number;
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  readonly keepOpen: boolean;
  /** @default false */
  readonly exitWhenDone?: boolean;
  readonly readOnly: boolean;
}

export function createModel(settings: ModelSettings): Model {
  return {
    columns: 80,
    rows: 24,
    exitWhenDone: false,
    ...settings,
    openedAt: settings.now,
    records: new Map(),
    others: new Set(),
    polling: null,
    order: [],
    isLoaded: false,
    servers: new Map(),
    logs: new Map(),
    detached: new Set(),
    cancelling: new Set(),
    answering: new Set(),
    drafts: new Map(),
    selected: null,
    marked: new Set(),
    filter: { text: '', cursor: 0 },
    filtering: false,
    groupsByServer: false,
    hidesSettled: false,
    page: { kind: 'list' },
    pageSince: Number.NEGATIVE_INFINITY,
    overlay: null,
    notice: null,
    warning: null,
    calling: 0,
    staysOpen: false,
    leavesAt: null,
  };
}
