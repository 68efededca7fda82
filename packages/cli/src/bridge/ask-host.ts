import type { InputRequest, JsonObject, TaskRecord } from '@mcp-tasks/client';
import { openQuestions } from '@mcp-tasks/client';

/** An answer that comes sooner was given by no person. */
const PERSON_MS = 1_000;

/** A host's answer to an elicitation. */
export interface HostAnswer extends JsonObject {
  readonly action: 'accept' | 'decline' | 'cancel';
}

/** What putting questions to a host needs. */
export interface AskHostOptions {
  /** Whether the host said that it can show this kind of question. */
  readonly canShow: (question: InputRequest) => boolean;
  readonly elicit: (params: JsonObject, signal: AbortSignal) => Promise<HostAnswer>;
  /** Gives the answer of a person to the task. */
  readonly answer: (id: string, key: string, request: InputRequest, answer: HostAnswer) => Promise<void>;
  readonly now: () => number;
}

/**
 * Puts the open questions of held calls to the host, one at a time. A host whose mode decides alone (it answers within a
 * second) is asked no more: its answers count for nothing, and the questions stay open. So does one it cancels.
 */
export interface HostAsker {
  /** Hears each version of a record that a call is held for. */
  see(record: TaskRecord): void;
  /** No call is held for this record any more: its question is withdrawn from the host. */
  leave(id: string): void;
}

interface Shown {
  readonly key: string;
  readonly request: InputRequest;
  readonly withdraw: AbortController;
}

export function createHostAsker({ canShow, elicit, answer, now }: AskHostOptions): HostAsker {
  /** Those that were put to it once, by record, key and text. */
  const put = new Set<string>();
  const shown = new Map<string, Shown>();
  /** Of the calls that are held now. */
  const newest = new Map<string, TaskRecord>();
  let host: 'asks-person' | 'decides-alone' = 'asks-person';

  async function ask(id: string, key: string, request: InputRequest): Promise<void> {
    const withdraw = new AbortController();
    shown.set(id, { key, request, withdraw });
    const askedAt = now();
    try {
      const given = await elicit(request.params, withdraw.signal);
      if (withdraw.signal.aborted || given.action === 'cancel') return;
      if (now() - askedAt < PERSON_MS) host = 'decides-alone';
      if (host === 'asks-person') await answer(id, key, request, given);
    } catch {
      // Withdrawn, refused or gone: the question stays open, and `mcp-tasks answer` takes it.
    } finally {
      shown.delete(id);
      // Another question may have come while this one was answered.
      const record = newest.get(id);
      if (record !== undefined) see(record);
    }
  }

  function see(record: TaskRecord): void {
    const open = openQuestions(record);
    const current = shown.get(record.id);
    if (current !== undefined) {
      if (!sameQuestion(open[current.key], current.request)) current.withdraw.abort();
      return;
    }
    if (host === 'decides-alone') return;
    for (const [key, request] of Object.entries(open)) {
      const name = JSON.stringify([record.id, key, request]);
      if (put.has(name) || !canShow(request)) continue;
      put.add(name);
      void ask(record.id, key, request);
      return;
    }
  }

  return {
    see(record) {
      newest.set(record.id, record);
      see(record);
    },
    leave(id) {
      newest.delete(id);
      shown.get(id)?.withdraw.abort();
    },
  };
}

function sameQuestion(a: InputRequest | undefined, b: InputRequest): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
