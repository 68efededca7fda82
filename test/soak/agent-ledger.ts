import { formatJobId } from '../../packages/client/src/protocol/jobs/job-id.ts';
import { type AgentTask, endOf, FAILURE, openAgentLog, stateOf } from './agent-log.ts';
import { JOBS } from './job-mapping.ts';
import type { ServerLedger, ServerTask } from './server-ledger.ts';

const STATUSES = {
  WORKING: 'working',
  INPUT_REQUIRED: 'input_required',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELED: 'cancelled',
} as const;

/** The requests an agent received and their results, from its log. */
export function openAgentLedger(file: string, lane: string): ServerLedger {
  return openLogLedger(file, (task) => describe(task, lane));
}

/** The same for a build server, with the job ids that records use. */
export function openJobLedger(file: string, lane: string): ServerLedger {
  return openLogLedger(file, (task) => {
    const { error, ...rest } = describe(task, lane);
    const id = formatJobId({ job: 'build', id: task.created.id, args: {} }, JOBS.build);
    return {
      ...rest,
      id,
      error: error === undefined ? undefined : { code: null, message: FAILURE },
    } as unknown as ServerTask;
  });
}

function openLogLedger(file: string, describeTask: (task: AgentTask) => ServerTask): ServerLedger {
  const log = openAgentLog(file);
  return {
    read: () => log.read(),
    get tasks() {
      return [...log.tasks.values()].map(describeTask);
    },
    handled: () => log.tasks.size,
    close: () => undefined,
  };
}

function describe(task: AgentTask, lane: string): ServerTask {
  const { created, messages } = task;
  const status = STATUSES[stateOf(task, Date.now())];
  const texts = messages.map(({ text }) => text);
  const error = { code: null, message: FAILURE, data: { state: 'failed' } };
  return {
    lane,
    id: created.id,
    nonce: created.nonce,
    status,
    result: status === 'completed' ? { content: [{ type: 'text', text: endOf(task) }] } : undefined,
    error: status === 'failed' ? error : undefined,
    answers: Object.fromEntries(texts.map((text, at) => [String(at), { action: 'accept', content: { text } }])),
    repeated: texts.filter((text, at) => texts.indexOf(text) !== at),
  } as unknown as ServerTask;
}
