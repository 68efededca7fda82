import { randomUUID } from 'node:crypto';
import { Task, TaskStatusUpdateEvent, type Task as TaskType } from '@a2a-js/sdk';
import { AgentEvent, type AgentExecutor, type ExecutionEventBus, type RequestContext } from '@a2a-js/sdk/server';

/** Parts of an agent's message or artifact, as on the wire. */
type Parts = readonly Readonly<Record<string, unknown>>[];

/** The updates of one script run, in order. */
interface Step {
  readonly state: string;
  readonly message?: Parts;
  readonly artifacts?: readonly { readonly artifactId: string; readonly name?: string; readonly parts: Parts }[];
}

const REPORT = [
  { artifactId: 'report', name: 'report.txt', parts: [{ text: 'part one; ' }, { text: 'part two' }] },
  { artifactId: 'data', parts: [{ data: { rows: 3 } }] },
];

/** The script for the first message of a task; `answer` is the text of a later message to the waiting task. */
function stepsFor(command: string, answer: string | undefined): readonly Step[] {
  const asks = (question: string): Step => ({ state: 'INPUT_REQUIRED', message: [{ text: question }] });
  const done: Step = { state: 'COMPLETED', artifacts: REPORT };
  switch (command.split(' ')[0]) {
    case 'deploy':
      if (answer === undefined) return [{ state: 'WORKING', message: [{ text: 'looking' }] }, asks('Which region?')];
      return [{ state: 'COMPLETED', artifacts: [{ artifactId: 'r', parts: [{ text: `deployed to ${answer}` }] }] }];
    case 'mute':
      return answer === undefined
        ? [{ state: 'WORKING', message: [{ text: 'Shall I go on?' }] }, { state: 'INPUT_REQUIRED' }]
        : [done];
    case 'chat':
      return [asks(`You said ${answer ?? command}`)];
    case 'auth':
      return [{ state: 'AUTH_REQUIRED', message: [{ text: 'Sign in at https://example.com/in' }] }];
    case 'reject':
      return [{ state: 'REJECTED', message: [{ text: 'I do not do that' }] }];
    case 'fail':
      return [{ state: 'FAILED', message: [{ text: 'It broke' }] }];
    case 'work':
      return [{ state: 'WORKING', message: [{ text: 'at it' }] }];
    default:
      return [done];
  }
}

/** An agent that follows a script and records the messages it received. */
export interface ScriptAgent extends AgentExecutor {
  /** Texts received, in order; a text that was sent twice appears twice. */
  readonly received: string[];
  /** Completes the task that `work` started. */
  finish(): void;
  /** Sends one artifact of the task that `work` started; the task continues. */
  sendArtifact(): void;
}

export function createScriptAgent(): ScriptAgent {
  const received: string[] = [];
  const working: { readonly end: () => void; readonly sendArtifact: () => void }[] = [];

  async function execute(
    { userMessage, taskId, contextId, task }: RequestContext,
    bus: ExecutionEventBus,
  ): Promise<void> {
    const [part] = userMessage.parts;
    const content = part?.content;
    const text = content?.$case === 'text' ? content.value : JSON.stringify(content?.value);
    received.push(text, ...userMessage.parts.flatMap(fileIn));
    const first = task?.history[0]?.parts[0]?.content;
    const command = task === undefined || first?.$case !== 'text' ? text : first.value;
    if (command === 'hello') {
      const reply = { messageId: randomUUID(), contextId, role: 'ROLE_AGENT', parts: [{ text: 'Hello yourself' }] };
      bus.publish(AgentEvent.message(messageOf(reply)));
      return bus.finished();
    }
    const known = { id: taskId, contextId, status: { state: 'TASK_STATE_SUBMITTED' } };
    const created = task ?? Task.fromJSON({ ...known, history: [] });
    bus.publish(AgentEvent.task(task === undefined ? { ...created, history: [userMessage] } : created));
    for (const step of stepsFor(command, task === undefined ? undefined : text)) publish(bus, taskId, contextId, step);
    if (command.startsWith('work')) {
      const sendArtifact = () => publish(bus, taskId, contextId, { state: 'WORKING', artifacts: REPORT.slice(0, 1) });
      await new Promise<void>((end) => working.push({ end, sendArtifact }));
      publish(bus, taskId, contextId, { state: 'COMPLETED', artifacts: REPORT });
    }
    bus.finished();
  }

  return {
    received,
    execute,
    finish() {
      for (const { end } of working.splice(0)) end();
    },
    sendArtifact() {
      for (const { sendArtifact } of working) sendArtifact();
    },
    // As in the official sample: cancelling a task that waits for input never returns.
    async cancelTask(taskId, bus) {
      if (working.length === 0) return new Promise(() => undefined);
      publish(bus, taskId, '', { state: 'CANCELED' });
      bus.finished();
    },
  };
}

/** Name, type and text of a file in a message. */
function fileIn({ content, filename, mediaType }: RequestContext['userMessage']['parts'][number]): readonly string[] {
  if (content?.$case !== 'raw') return [];
  return [`${filename} (${mediaType}): ${Buffer.from(content.value).toString('utf8')}`];
}

function messageOf(json: object): NonNullable<NonNullable<TaskType['status']>['message']> {
  const carrier = TaskStatusUpdateEvent.fromJSON({ status: { message: json } });
  return carrier.status?.message as NonNullable<NonNullable<TaskType['status']>['message']>;
}

function publish(
  bus: ExecutionEventBus,
  taskId: string,
  contextId: string,
  { state, message: parts, artifacts = [] }: Step,
): void {
  const message = parts && { messageId: randomUUID(), taskId, contextId, role: 'ROLE_AGENT', parts };
  const timestamp = new Date().toISOString();
  for (const artifact of artifacts) {
    const holder = Task.fromJSON({ id: taskId, contextId, artifacts: [artifact] });
    const update = { taskId, contextId, artifact: holder.artifacts[0], append: false, lastChunk: true };
    bus.publish(AgentEvent.artifactUpdate({ ...update, metadata: undefined }));
  }
  const status = { state: `TASK_STATE_${state}`, message, timestamp };
  bus.publish(AgentEvent.statusUpdate(TaskStatusUpdateEvent.fromJSON({ taskId, contextId, status })));
}
