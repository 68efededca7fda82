import { type InputResponse, type JsonObject, own, type TaskRecord, type ToolDescription } from '@mcp-tasks/client';
import { CALL_CHOICES, createFormState, type FormState } from '../../forms/form-state.ts';
import type { LiveSession } from '../live-session.ts';
import { createModel, type Model } from '../state/model.ts';
import { openQuestion } from '../state/on-question.ts';
import { orderRecords } from '../state/order.ts';
import { runApp } from './run-app.ts';
import type { WatchOptions } from './watch-options.ts';

/** Terminal for one form or choice outside the live view. */
export interface PersonOptions
  extends Pick<WatchOptions, 'stdin' | 'stdout' | 'ascii' | 'color' | 'clock' | 'programs'> {
  /** Aborts when the answer is no longer needed: the form closes and nothing is sent. */
  readonly signal?: AbortSignal | undefined;
  /** Unfinished forms: a question that is shown again begins with its own. @default none */
  readonly drafts?: Map<string, FormState> | undefined;
}

/** Ends without a decision: Esc is `later`, Ctrl-C is `left`, an aborted signal `withdrawn`. */
export type Undecided = 'later' | 'left' | 'withdrawn';

/** Shows one question as a form and returns the decision for the caller to send. */
export async function runQuestion(
  options: PersonOptions & {
    readonly record: TaskRecord;
    readonly key: string;
    readonly openUrl: (url: string) => Promise<void>;
    /** Work that would end with this process: Ctrl-C asks before ending it. */
    readonly workUnderWay: LiveSession['workUnderWay'];
  },
): Promise<InputResponse | Undecided> {
  const { key } = options;
  // Show only the requested question; the others get their own form.
  const asked = own(options.record.inputRequests, key);
  const record = { ...options.record, inputRequests: asked === undefined ? {} : { [key]: asked } };
  let answer: InputResponse | undefined;
  const known = { ...withRecords(options, [record]), servers: childOf(record), drafts: options.drafts ?? new Map() };
  const question = { id: record.id, key, digest: own(record.ledger, key)?.digest ?? '' };
  const { reason, model } = await runApp(openQuestion(known, question, { kind: 'list' }), {
    ...options,
    live: {
      ...NO_LIVE_SESSION,
      openUrl: options.openUrl,
      workUnderWay: options.workUnderWay,
      answer: async ({ response }) => {
        answer = response;
      },
    },
    isDone: ({ page }) => page.kind !== 'question',
  });
  for (const [draft, form] of model.drafts) options.drafts?.set(draft, form);
  return answer ?? undecided(reason, options);
}

/** Adds a server that may be a child of this process, so that leaving asks first. */
function childOf({ server: { fingerprint, label, target } }: TaskRecord): Model['servers'] {
  return target.kind === 'command'
    ? new Map([[fingerprint, { fingerprint, label, state: 'connected' } as const]])
    : new Map();
}

/** Fills in a tool's arguments with a form made from its input schema. */
export async function runCallForm(
  options: PersonOptions & { readonly tool: ToolDescription; readonly serverLabel: string },
): Promise<JsonObject | Undecided> {
  const { tool, serverLabel } = options;
  let given: JsonObject | undefined;
  const empty = createModel({ now: options.clock.now(), keepOpen: true, readOnly: false });
  const form = createFormState(tool.inputSchema, CALL_CHOICES);
  const server = { fingerprint: 'server', label: serverLabel, state: 'connected' } as const;
  const model: Model = {
    ...empty,
    servers: new Map([[server.fingerprint, server]]),
    page: { kind: 'call', fingerprint: server.fingerprint, tool, form },
  };
  const { reason } = await runApp(model, {
    ...options,
    live: {
      ...NO_LIVE_SESSION,
      call: async ({ args }) => {
        given = args;
      },
    },
    isDone: ({ page }) => page.kind !== 'call',
  });
  return given ?? undecided(reason, options);
}

/** Lets the person pick one of several tasks; returns its id. */
export async function runPicker(
  options: PersonOptions & { readonly records: readonly TaskRecord[]; readonly title: string },
): Promise<string | Undecided> {
  const model = { ...withRecords(options, options.records), readOnly: true, title: options.title };
  const end = await runApp(model, { ...options, live: NO_LIVE_SESSION, isDone: ({ page }) => page.kind === 'detail' });
  return end.model.page.kind === 'detail' ? end.model.page.id : undecided(end.reason, options);
}

function withRecords(options: PersonOptions, records: readonly TaskRecord[]): Model {
  const empty = createModel({ now: options.clock.now(), keepOpen: true, readOnly: false });
  const order = orderRecords(records, '');
  return { ...empty, records: new Map(records.map((record) => [record.id, record])), order, isLoaded: true };
}

function undecided(reason: string, options: PersonOptions): Undecided {
  if (options.signal?.aborted === true) return 'withdrawn';
  return reason === 'interrupted' ? 'left' : 'later';
}

const NO_LIVE_SESSION: LiveSession = {
  subscribe: () => () => {},
  adopt: async () => {},
  answer: async () => {},
  cancel: async () => {},
  detach: () => {},
  follow: () => {},
  polling: async () => ({ by: 'nobody' }),
  forget: async () => {},
  save: async () => '',
  tools: async () => [],
  call: async () => {},
  openUrl: async () => {},
  workUnderWay: async () => ({ ids: [], isKept: false }),
  stopServers: async () => undefined,
};
