import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One line of an agent's log, written before the agent replies. */
export type AgentLine =
  | {
      readonly kind: 'task';
      readonly id: string;
      readonly nonce: string;
      readonly command: string;
      readonly messageId: string;
      readonly at: number;
    }
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly text: string;
      readonly messageId: string;
      readonly at: number;
    }
  | { readonly kind: 'cancel'; readonly id: string; readonly at: number };

type Line<Kind extends AgentLine['kind']> = Extract<AgentLine, { kind: Kind }>;

export interface AgentTask {
  readonly created: Line<'task'>;
  readonly messages: Line<'message'>[];
  cancelledAt?: number;
}

export type AgentState = 'WORKING' | 'INPUT_REQUIRED' | 'COMPLETED' | 'FAILED' | 'CANCELED';

const STEP_MS = 1_500;
/** Long enough for many builds to be open at once, so that they are polled by a list. */
const SLOW_MS = 30_000;
export const FAILURE = 'It broke';

/** The tasks of an agent. Their state follows from the log and the time, so that a restart changes nothing. */
export interface AgentLog {
  readonly tasks: ReadonlyMap<string, AgentTask>;
  write(line: AgentLine): void;
  /** Reads the lines that another process has written. */
  read(): void;
}

export function openAgentLog(file: string): AgentLog {
  const tasks = new Map<string, AgentTask>();
  let applied = 0;

  function apply(line: AgentLine): void {
    if (line.kind === 'task') tasks.set(line.id, { created: line, messages: [] });
    const task = tasks.get(line.id);
    if (line.kind === 'message') task?.messages.push(line);
    if (line.kind === 'cancel' && task !== undefined) task.cancelledAt ??= line.at;
  }

  function read(): void {
    if (!existsSync(file)) return;
    // A line that a kill has truncated was never acknowledged.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(applied)) if (line !== '') apply(JSON.parse(line) as AgentLine);
    applied = lines.length;
  }

  read();
  return {
    tasks,
    read,
    write(line) {
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      applied += 1;
      apply(line);
    },
  };
}

export function stateOf(
  { created, messages, cancelledAt = Number.POSITIVE_INFINITY }: AgentTask,
  now: number,
): AgentState {
  const [answer] = messages;
  const asks = created.command === 'ask';
  const since = asks ? answer?.at : created.at;
  const endsAt =
    since === undefined ? Number.POSITIVE_INFINITY : since + (created.command === 'slow' ? SLOW_MS : STEP_MS);
  if (cancelledAt <= Math.min(now, endsAt)) return 'CANCELED';
  if (now >= endsAt) return created.command === 'fail' ? 'FAILED' : 'COMPLETED';
  return asks && answer === undefined && now >= created.at + STEP_MS ? 'INPUT_REQUIRED' : 'WORKING';
}

/** The final message of a completed task. */
export function endOf({ created, messages: [answer] }: AgentTask): string {
  return answer === undefined ? `done ${created.nonce}` : `answered ${answer.text}`;
}
