export type JsonRecord = Readonly<Record<string, unknown>>;

/** One client request as recorded by the proxy. */
export interface Passage {
  readonly at: number;
  readonly lane: string;
  /** The client process that sent it. */
  readonly worker: string | undefined;
  readonly method: string;
  readonly params: JsonRecord;
  readonly id: unknown;
  readonly sessionId: string | undefined;
  /** Number of deliveries to the server. */
  reached: number;
  /** The server's reply. */
  answer: JsonRecord | undefined;
  /** Instant at which the client had received the whole reply. */
  deliveredAt: number | undefined;
}

/** A question sent as a server request (2025-11-25). */
interface Asked {
  readonly id: unknown;
  readonly taskId: string | undefined;
  readonly text: string;
}

export interface SentAnswer {
  readonly at: number;
  /** Identifies the question. */
  readonly question: string;
  readonly taskId: string | undefined;
  readonly key: string;
  readonly response: JsonRecord;
  readonly reached: boolean;
}

export interface Origin {
  readonly lane: string;
  readonly httpMethod: string;
  readonly sessionId: string | undefined;
  readonly worker: string | undefined;
}

export interface WireLedger {
  readonly passages: readonly Passage[];
  /** HTTP requests without a message: the notification stream, the end of a session. */
  readonly others: readonly string[];
  recordRequest(message: JsonRecord | undefined, from: Origin): Passage;
  /** Records a message of the server: a reply or a request. */
  recordMessage(passage: Passage, message: JsonRecord): void;
  answers(): readonly SentAnswer[];
}

const RELATED_TASK = 'io.modelcontextprotocol/related-task';
const asRecord = (value: unknown): JsonRecord =>
  typeof value === 'object' && value !== null ? (value as JsonRecord) : {};

/** Tools of a job other than its start count as task requests. */
function methodOf({ method, params }: JsonRecord): string {
  const { name } = asRecord(params);
  const isAbout =
    method === 'tools/call' && typeof name === 'string' && /^((get|answer|cancel)_build|list_builds)$/.test(name);
  return isAbout ? `tools/call ${name}` : String(method);
}

export function createWireLedger(): WireLedger {
  const passages: Passage[] = [];
  const others: string[] = [];
  const asked = new Map<unknown, Asked>();

  function answersIn(passage: Passage): readonly SentAnswer[] {
    const { at, method, params, reached } = passage;
    const common = { at, reached: reached > 0 };
    if (method === '(answer)') {
      const question = asked.get(passage.id);
      if (question === undefined || passage.answer === undefined) return [];
      const { taskId, text } = question;
      // Without a task the question belongs to a call, identified by its request.
      const name = `${taskId ?? `request ${String(passage.id)}`} ${text}`;
      return [{ ...common, question: name, taskId, key: '', response: passage.answer }];
    }
    if (method !== 'tasks/update') return [];
    const taskId = String(params.taskId);
    return Object.entries(asRecord(params.inputResponses)).map(([key, response]) => ({
      ...common,
      question: `${taskId} ${key}`,
      taskId,
      key,
      response: asRecord(response),
    }));
  }

  return {
    passages,
    others,
    recordRequest(message, { lane, httpMethod, sessionId, worker }) {
      const isAnswer = message !== undefined && !('method' in message);
      const method = message === undefined ? httpMethod : isAnswer ? '(answer)' : methodOf(message);
      if (message === undefined) others.push(httpMethod);
      const answer = isAnswer ? asRecord(message.result ?? { error: message.error }) : undefined;
      const params = asRecord(message?.params);
      const passage = { at: Date.now(), lane, worker, method, params, id: message?.id, sessionId, reached: 0, answer };
      const whole: Passage = { ...passage, deliveredAt: undefined };
      passages.push(whole);
      return whole;
    },
    recordMessage(passage, message) {
      if ('method' in message) {
        if (message.id === undefined) return;
        const params = asRecord(message.params);
        const taskId = asRecord(asRecord(params._meta)[RELATED_TASK]).taskId;
        const text = String(params.message ?? message.method);
        asked.set(message.id, { id: message.id, taskId: taskId === undefined ? undefined : String(taskId), text });
      } else if (message.id === passage.id) {
        passage.answer = message;
      }
    },
    answers: () => passages.flatMap(answersIn),
  };
}
