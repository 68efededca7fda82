import { type InputRequest, type JsonObject, openQuestions, own, type TaskRecord } from '@mcp-tasks/client';
import { digestOfQuestion, PERSON_MS } from './person.ts';

type RequestId = string | number;

/** A host's answer to an elicitation. */
export interface HostAnswer extends JsonObject {
  readonly action: 'accept' | 'decline' | 'cancel';
}

export interface AskHostOptions {
  /** Whether the host said that it can show this kind of question. */
  readonly canShow: (question: InputRequest) => boolean;
  /** Asks on the stream of the request that holds the call. */
  readonly elicit: (params: JsonObject, signal: AbortSignal, request: RequestId) => Promise<HostAnswer>;
  /** Gives the answer of a person to the task, when it still asks what has this digest. */
  readonly answer: (id: string, key: string, digest: string | undefined, answer: HostAnswer) => Promise<void>;
  readonly now: () => number;
}

/**
 * Puts the open questions of held calls to the host, one at a time. A host whose mode decides alone (it answers within a
 * second) is asked no more: its answers count for nothing, and the questions stay open. So does one it cancels.
 */
export interface HostAsker {
  /** Hears each version of a record that this request is held for. */
  see(record: TaskRecord, request: RequestId): void;
  /** No call is held for this record any more: its question is withdrawn from the host. */
  leave(id: string): void;
}

interface Shown {
  readonly key: string;
  readonly digest: string | undefined;
  readonly withdraw: AbortController;
}

export function createHostAsker({ canShow, elicit, answer, now }: AskHostOptions): HostAsker {
  /** Questions that were put to the host once, by record, key and digest. */
  const put = new Set<string>();
  const shown = new Map<string, Shown>();
  /** Of the calls that are held now. */
  const newest = new Map<string, { readonly record: TaskRecord; readonly request: RequestId }>();
  let host: 'asks-person' | 'decides-alone' = 'asks-person';

  async function ask(id: string, question: Shown, { params }: InputRequest, request: RequestId): Promise<void> {
    const { key, digest, withdraw } = question;
    shown.set(id, question);
    const askedAt = now();
    try {
      const given = await elicit(params, withdraw.signal, request);
      if (withdraw.signal.aborted || given.action === 'cancel') return;
      if (now() - askedAt < PERSON_MS) host = 'decides-alone';
      if (host === 'asks-person') await answer(id, key, digest, given);
    } catch {
      // Withdrawn, refused or gone: the question stays open, and `mcp-tasks answer` takes it.
    } finally {
      shown.delete(id);
      // Another question may have come while this one was answered.
      const held = newest.get(id);
      if (held !== undefined) see(held.record, held.request);
    }
  }

  function see(record: TaskRecord, request: RequestId): void {
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
      if (put.has(name) || !canShow(question)) continue;
      put.add(name);
      void ask(record.id, { key, digest, withdraw: new AbortController() }, question, request);
      return;
    }
  }

  return {
    see(record, request) {
      newest.set(record.id, { record, request });
      see(record, request);
    },
    leave(id) {
      newest.delete(id);
      shown.get(id)?.withdraw.abort();
    },
  };
}
