import { openQuestions, type ProgramAnswers, type TaskClient } from '@mcp-tasks/client';
import type { Keeper } from '@mcp-tasks/client/keeper';

/** Answers requests for a model's output or for folders through a host instead of a person. */
export interface HostAnswers {
  /** For requests of the server. */
  readonly answers: ProgramAnswers;
  /** Sends the open questions of these methods to a host, each once until its answer arrives. */
  forward(tasks: TaskClient): void;
}

export function createHostAnswers(
  methods: ProgramAnswers['methods'],
  keeper: () => Pick<Keeper, 'ask'> | undefined,
): HostAnswers {
  const isAnswered = new Set<string>(methods);
  /** Questions that a host is answering, by task, key and digest. */
  const asked = new Set<string>();

  const answer: ProgramAnswers['answer'] = async (method, params, signal) => {
    const asking = keeper()?.ask(method, params, signal);
    if (asking === undefined) throw new Error('The keeper is not open yet');
    return asking.catch(withCode);
  };

  async function forward(tasks: TaskClient): Promise<void> {
    const { records } = await tasks.list({ open: true });
    for (const record of records) {
      for (const [key, { method, params }] of Object.entries(openQuestions(record))) {
        if (!isAnswered.has(method)) continue;
        const question = await tasks.get(record.id).question(key);
        const name = JSON.stringify([record.id, key, question.digest]);
        if (asked.has(name)) continue;
        asked.add(name);
        void answer(method, params, new AbortController().signal)
          .then(async (response) => {
            await question.answer(response);
            asked.delete(name);
          })
          // The question stays open, and is sent to the next host unless this one has refused it.
          .catch((error: unknown) => isRefusal(error) || asked.delete(name));
      }
    }
  }

  return { answers: { methods, answer }, forward: (tasks) => void forward(tasks).catch(() => undefined) };
}

const METHOD_NOT_FOUND = -32601;

/** The host replied with an error: it is not asked again. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'number' && code !== METHOD_NOT_FOUND;
}

/** The error of a host, with its code for the server. */
function withCode(error: unknown): never {
  const { error: reply } = error as { readonly error?: { readonly code: number | null; readonly message: string } };
  throw reply === undefined ? error : Object.assign(new Error(reply.message), { code: reply.code ?? undefined });
}
