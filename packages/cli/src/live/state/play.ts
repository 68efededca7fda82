import { RECORD_VERSION, type TaskRecord } from '@mcp-tasks/client';
import type { Key, KeyName } from '../keys/key.ts';
import type { LiveChange } from '../live-session.ts';
import type { Command, Message } from './message.ts';
import { createModel, type Model } from './model.ts';
import { update } from './update.ts';

/** Fixed time of the view's tests. */
export const NOW = Date.UTC(2026, 10, 23, 14, 30, 0);

const demo = {
  fingerprint: 'demo',
  label: 'demo',
  target: { kind: 'url', url: 'http://localhost:4821/mcp' },
} as const;

const NAMED: Readonly<Record<string, KeyName>> = {
  enter: 'enter',
  esc: 'escape',
  tab: 'tab',
  up: 'up',
  down: 'down',
  right: 'right',
  left: 'left',
  home: 'home',
  end: 'end',
  pgup: 'page-up',
  pgdn: 'page-down',
  'ctrl-c': 'ctrl-c',
  'ctrl-a': 'ctrl-a',
  'ctrl-d': 'ctrl-d',
  'ctrl-e': 'ctrl-e',
  'ctrl-k': 'ctrl-k',
  'ctrl-n': 'ctrl-n',
  'ctrl-r': 'ctrl-r',
  'ctrl-u': 'ctrl-u',
  'ctrl-w': 'ctrl-w',
  'ctrl-z': 'ctrl-z',
};

/** A demo task that has been running for two minutes. */
export function task(id: string, over: Partial<TaskRecord> = {}): TaskRecord {
  return {
    version: RECORD_VERSION,
    id,
    server: demo,
    revision: '2026-07-28',
    method: 'tools/call',
    tool: 'deploy',
    arguments: { env: 'staging' },
    phase: 'open',
    status: 'working',
    taskId: `task-${id}`,
    createdAt: NOW - 120_000,
    updatedAt: NOW - 2_000,
    observedAt: NOW - 2_000,
    ttlMs: 600_000,
    pollIntervalMs: 2_000,
    nextPollAt: NOW + 2_000,
    statusMessage: 'Step 1 of 3',
    inputRequests: {},
    ledger: {},
    history: [],
    outcome: null,
    ...over,
  };
}

export function settled(id: string, over: Partial<TaskRecord> = {}): TaskRecord {
  return task(id, {
    phase: 'settled',
    status: 'completed',
    outcome: { status: 'completed', result: { content: [{ type: 'text', text: 'All done.' }] } },
    ...over,
  });
}

/** A task with one form question per key, each with a name to fill in. */
export function asking(id: string, keys: readonly string[], over: Partial<TaskRecord> = {}): TaskRecord {
  const question = (key: string) => ({
    method: 'elicitation/create',
    params: {
      message: `Who approves ${key}?`,
      requestedSchema: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string', title: 'Name', minLength: 2 } },
      },
    },
  });
  return task(id, {
    status: 'input_required',
    inputRequests: Object.fromEntries(keys.map((key) => [key, question(key)])),
    ledger: Object.fromEntries(keys.map((key) => [key, { state: 'open' as const, digest: `digest of ${key}` }])),
    ...over,
  });
}

export interface Played {
  readonly model: Model;
  readonly commands: readonly Command[];
}

export function start(
  settings: Partial<Pick<Model, 'keepOpen' | 'exitWhenDone' | 'readOnly' | 'columns' | 'rows'>> = {},
): Played {
  return { model: createModel({ now: NOW, keepOpen: false, readOnly: false, ...settings }), commands: [] };
}

/** Sends one message; `commands` are those of this message only. */
export function send({ model }: Played, message: Message): Played {
  const [next, commands] = update(model, message);
  return { model: next, commands };
}

export function report(played: Played, change: LiveChange, at = played.model.now): Played {
  return send(played, { kind: 'live-changed', change, at });
}

export function load(played: Played, ...records: readonly TaskRecord[]): Played {
  return report(played, { kind: 'records', records, removed: [] });
}

export function connect(played: Played, label = 'demo'): Played {
  return report(played, {
    kind: 'server',
    fingerprint: label,
    label,
    state: 'connected',
    taskTools: ['release', 'survey'],
    toolsAlike: false,
  });
}

/** Presses keys: `<enter>` and the like are named keys, all else is typed. `commands` are those of all keys. */
export function press(played: Played, script: string): Played {
  const commands: Command[] = [];
  let now = played;
  for (const part of script.match(/<[a-z-]+>|[\s\S]/g) ?? []) {
    const name = NAMED[/^<(.+)>$/.exec(part)?.[1] ?? ''];
    const key: Key = name === undefined ? { name: 'text', text: part } : { name };
    // Keys come a second apart: Enter is ignored on a form that has just opened.
    const at = Math.max(now.model.now, now.model.pageSince) + 1_000;
    now = send(now, { kind: 'key-pressed', key, at });
    commands.push(...now.commands);
  }
  return { model: now.model, commands };
}
