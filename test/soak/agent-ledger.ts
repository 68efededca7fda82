import { type AgentTask, endOf, FAILURE, openAgentBook, stateOf } from './agent-book.ts';
import type { ServerLedger, ServerTask } from './server-ledger.ts';

const STATUSES = {
  WORKING: 'working',
  INPUT_REQUIRED: 'input_required',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELED: 'cancelled',
} as const;

/** What an agent was told and what came of it, by its own book. */
export function openAgentLedger(file: string, lane: string): ServerLedger {
  const book = openAgentBook(file);
  return {
    read: () => book.read(),
    get tasks() {
      return [...book.tasks.values()].map((task) => describe(task, lane));
    },
    handled: () => book.tasks.size,
    close: () => undefined,
  };
}

function describe(task: AgentTask, lane: string): ServerTask {
  const { begun, messages } = task;
  const status = STATUSES[stateOf(task, Date.now())];
  const texts = messages.map(({ text }) => text);
  const error = { code: null, message: FAILURE, data: { state: 'failed' } };
  return {
    lane,
    id: begun.id,
    nonce: begun.nonce,
    status,
    result: status === 'completed' ? { content: [{ type: 'text', text: endOf(task) }] } : undefined,
    error: status === 'failed' ? error : undefined,
    answers: Object.fromEntries(texts.map((text, at) => [String(at), { action: 'accept', content: { text } }])),
    repeated: texts.filter((text, at) => texts.indexOf(text) !== at),
  } as unknown as ServerTask;
}
