import { openQuestions, type TaskRecord } from '../task/record.ts';
import type { Outcome } from '../task/task.ts';
import type { CallToolResult } from '../task/tool-result.ts';

/** Maximum length of a server's text quoted to a model: the text is untrusted. */
const MAX_QUOTED = 300;

/** Text for a model whose call keeps running. Not an error: a model would call again or give up. */
export function unfinishedResult(record: TaskRecord, joins: boolean): CallToolResult {
  const [question] = Object.values(openQuestions(record));
  const lines = question === undefined ? runningLines(record) : [waitingLine(record, question.params.message)];
  const again = joins
    ? [`Calling "${record.tool}" again with the same arguments joins this run and starts no other.`]
    : [];
  return { content: [{ type: 'text', text: [...lines, ...again, CONTINUE_NOTE].join('\n') }], _meta: taskMeta(record) };
}

const CONTINUE_NOTE = 'It is fine to go on with something else: the task keeps running and its result is kept.';

function runningLines({ tool, id, statusMessage, trouble }: TaskRecord): readonly string[] {
  const message = statusMessage ?? trouble;
  const note = message === undefined ? '' : ` Last message: ${quote(message)}.`;
  return [`NOT FINISHED: "${tool}" is still running as task ${id}.${note}`];
}

function waitingLine({ tool, id }: TaskRecord, message: unknown): string {
  const asked = typeof message === 'string' ? ` The server asks: ${quote(message)}.` : '';
  return `NOT FINISHED: "${tool}" (task ${id}) waits for a person to decide.${asked} You cannot decide this; tell the user.`;
}

/** Text for a model whose call ended without a result. */
export function endedResult({ tool, id, statusMessage }: TaskRecord, { status, error }: Outcome): CallToolResult {
  const reason = quote(error?.message ?? statusMessage ?? 'the server gave no reason');
  const text =
    status === 'unknown'
      ? `UNKNOWN: the call of "${tool}" (task ${id}) was cut off and may have run: ${reason}. Ask the user what happened.`
      : `"${tool}" (task ${id}) ended ${status}: ${reason}`;
  return { content: [{ type: 'text', text }], isError: true };
}

function taskMeta({ id, taskId, status, tool }: TaskRecord) {
  return { 'mcp-tasks/task': { id, taskId, status, tool } };
}

/** Removes control and bidi characters, limits the length, and adds quotes. */
function quote(text: string): string {
  const harmless = text.slice(0, 4 * MAX_QUOTED).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return JSON.stringify(harmless.length > MAX_QUOTED ? `${harmless.slice(0, MAX_QUOTED)}…` : harmless);
}
