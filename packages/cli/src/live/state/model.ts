import type { JsonObject, TaskRecord, ToolDescription } from '@mcp-tasks/client';
import type { FormState } from '../../forms/form-state.ts';
import type { TextInput } from '../../forms/text-input.ts';
import type { LogMessage } from '../../targets/hear-logs.ts';
import type { Polling, ServerState, WorkUnderWay } from '../live-session.ts';

export interface ServerInfo {
  readonly fingerprint: string;
  readonly label: string;
  readonly state: ServerState;
  readonly detail?: string | undefined;
  /** Undefined until the server has told. */
  readonly taskTools?: readonly string[] | undefined;
  /** Any of its calls may become a task, for all it tells. */
  readonly toolsAlike?: boolean | undefined;
}

/** A log message of a server, and when it came. */
export interface LogEntry extends LogMessage {
  readonly at: number;
}

/** A question of a task, as the form over it knows it. */
export interface QuestionRef {
  readonly id: string;
  readonly key: string;
  /** Of the question as it was when the form opened: another question under the key is another form. */
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
      /** Ids of the marked tasks, where these are being answered and no others. */
      readonly among?: ReadonlySet<string>;
    }
  /** What was being answered is gone: typing goes nowhere until the person has seen it. */
  | { readonly kind: 'withdrawn'; readonly text: string; readonly back: Page }
  | { readonly kind: 'pick-server'; readonly at: number }
  | {
      readonly kind: 'pick-tool';
      readonly fingerprint: string;
      readonly tools: 'loading' | readonly ToolDescription[] | { readonly failed: string };
      readonly at: number;
      readonly filter: TextInput;
      /** A call that is made again: its form comes up, filled in, once the tools are known. */
      readonly again?: { readonly id: string; readonly tool: string; readonly args: JsonObject };
    }
  | {
      readonly kind: 'call';
      readonly fingerprint: string;
      readonly tool: ToolDescription;
      readonly form: FormState;
      /** The record whose call this one makes again. */
      readonly rerunOf?: string;
    };

export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  /** `others` are done with it, where several are marked. */
  | {
      readonly kind: 'confirm';
      readonly act: 'cancel' | 'forget';
      readonly id: string;
      readonly others?: readonly string[];
    }
  /** Leaving ends this work with its servers, or leaves it to their keepers; null until that is known. */
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
  /** Leave when everything has settled, whatever was pressed before. */
  readonly exitWhenDone: boolean;
  readonly readOnly: boolean;
  /** What is to be chosen, where the list is only for choosing. */
  readonly title?: string;
  readonly records: ReadonlyMap<string, TaskRecord>;
  /** Ids of tasks that somebody else called and that are not on record: to look at, until a person acts on one. */
  readonly others: ReadonlySet<string>;
  /** Of the task whose page is on the screen; null until the desk has said. */
  readonly polling: (Polling & { readonly id: string }) | null;
  /** Ids in the order of the list, the filter applied. */
  readonly order: readonly string[];
  /** False until the desk has said what is on record: an empty list is then not yet a fact. */
  readonly heard: boolean;
  readonly servers: ReadonlyMap<string, ServerInfo>;
  /** By server: its last log messages. */
  readonly logs: ReadonlyMap<string, readonly LogEntry[]>;
  readonly detached: ReadonlySet<string>;
  /** Asked to be cancelled here; the record tells only after the desk has written it. */
  readonly cancelling: ReadonlySet<string>;
  /** `id` and key of answers on their way, so that nothing is asked again meanwhile. */
  readonly answering: ReadonlySet<string>;
  /** Forms that were left half-way, by `id`, key and digest. */
  readonly drafts: ReadonlyMap<string, FormState>;
  /** The row that keys act on; null while there is none. */
  readonly selected: string | null;
  /** Ids of rows that a person has marked, to act on all of them at once. */
  readonly marked: ReadonlySet<string>;
  readonly filter: TextInput;
  readonly filtering: boolean;
  /** The tasks of a server stand together, below its name. */
  readonly groupsByServer: boolean;
  /** Only what is under way, or asks, is listed. */
  readonly hidesSettled: boolean;
  readonly page: Page;
  /** When this page, or this step of its form, came up. */
  readonly pageSince: number;
  readonly overlay: Overlay | null;
  readonly notice: Notice | null;
  /** What stays wrong, on every page. */
  readonly warning: string | null;
  readonly calling: number;
  /** Whether anything was open while we looked: only then can everything have settled. */
  readonly hasSeenOpen: boolean;
  /** A person who pressed a key, or started a call here, decides when to leave. */
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
    heard: false,
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
    hasSeenOpen: false,
    staysOpen: false,
    leavesAt: null,
  };
}
