import { type InputRequest, type JsonObject, openQuestions, own, type TaskRecord } from '@mcp-tasks/client';
import { digestOfQuestion, PERSON_MS } from './person.ts';

type RequestId = string | number;

/** A host's answer to an elicitation. */
export interface HostAnswer extends JsonObject {
  readonly action: 'accept' | 'decline' | 'cancel';
}

export interface AskHostOptions {
  /** Whether the host declared that it can show this kind of question. */
  readonly canShow: (question: InputRequest) => boolean;
  /** Sends the elicitation on the stream of the request that holds the call. */
  readonly elicit: (params: JsonObject, signal: AbortSignal, request: RequestId) => Promise<HostAnswer>;
  /** Sends a person's answer to the task, if the open question still has this digest. */
  readonly answer: (id: string, key: string, digest: string | undefined, answer: HostAnswer) => Promise<void>;
  /** Accept answers at any speed, also from a model. */
  readonly modelMayAnswer: boolean;
  readonly now: () => number;
}

/**
 * Sends the open questions of held calls to the host, one per task at a time. A host that answers within a second
 * decides without a person: its answers are discarded, and it receives no more questions. Those questions, and
 * questions that the host cancels, stay open.
 */
export interface HostAsker {
  /** Called with each version of a record while this request holds its call. */
  observe(record: TaskRecord, request: RequestId): void;
  /** Withdraws the question from the host, since the call of this record is no longer held. */
  release(id: string): void;
}

interface Shown {
  readonly key: string;
  readonly digest: string | undefined;
  readonly withdraw: AbortController;
}

export function createHostAsker(options: AskHostOptions): HostAsker {
  const { canShow, elicit, answer, modelMayAnswer, now } = options;
  /** Questions already sent to the host, by record, key and digest. */
  const sent = new Set<string>();
  const shown = new Map<string, Shown>();
  /** The newest record of each held call. */
  const newest = new Map<string, { readonly record: TaskRecord; readonly request: RequestId }>();
  let host: 'asks-person' | 'decides-alone' = 'asks-person';

  async function ask(id: string, question: Shown, { params }: InputRequest, request: RequestId): Promise<void> {
    const { key, digest, withdraw } = question;
    shown.set(id, question);
    const askedAt = now();
    try {
      const given = await elicit(params, withdraw.signal, request);
      if (withdraw.signal.aborted || given.action === 'cancel') return;
      if (!modelMayAnswer && now() - askedAt < PERSON_MS) host = 'decides-alone';
      if (host === 'asks-person') await answer(id, key, digest, given);
    } catch {
      // Withdrawn, refused or disconnected: the question stays open for `mcp-tasks answer`.
    } finally {
      shown.delete(id);
      // Ask a question that has opened meanwhile.
      const held = newest.get(id);
      if (held !== undefined) askNext(held.record, held.request);
    }
  }

  function askNext(record: TaskRecord, request: RequestId): void {
    const open = openQuestions(record);
    const current = shown.get(record.id);
    if (current !== undefined) {
      const isOpen = own(open, current.key) !== undefined;
      if (!isOpen || digestOfQuestion(record, current.key) !== current.digest) current.withdraw.abort();
      return;
    }
    if (host === 'decides-alone') return;
    for (const [key, question] of Object.entries(open)) {
      const digest = digestOfQuestion(record, key);
      const name = JSON.stringify([record.id, key, digest]);
      if (sent.has(name) || !canShow(question)) continue;
      sent.add(name);
      void ask(record.id, { key, digest, withdraw: new AbortController() }, question, request);
      return;
    }
  }

  return {
    observe(record, request) {
      newest.set(record.id, { record, request });
      askNext(record, request);
    },
    release(id) {
      newest.delete(id);
      shown.get(id)?.withdraw.abort();
    },
  };
}
