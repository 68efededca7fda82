import { openQuestions, type ProgramAnswers, type TaskClient } from '@mcp-tasks/client';
import type { Keeper } from '@mcp-tasks/client/keeper';

/** Hosts that answer what no person answers: a model's output, folders. */
export interface HostAnswers {
  /** For requests of the server. */
  readonly answers: ProgramAnswers;
  /** Puts the open questions of these methods to a host, once each while it has no answer. */
  put(tasks: TaskClient): void;
}

export function createHostAnswers(
  methods: ProgramAnswers['methods'],
  keeper: () => Pick<Keeper, 'ask'> | undefined,
): HostAnswers {
  const isAnswered = new Set<string>(methods);
  /** Questions that are being answered, by task, key and digest. */
  const asked = new Set<string>();

  const answer: ProgramAnswers['answer'] = async (method, params, signal) => {
    const asking = keeper()?.ask(method, params, signal);
    if (asking === undefined) throw new Error('The keeper is not open yet');
    return asking.catch(withCode);
  };

  async function put(tasks: TaskClient): Promise<void> {
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
          // It stays open: for the next host, unless this one has refused it.
          .catch((error: unknown) => isRefusal(error) || asked.delete(name));
      }
    }
  }

  return { answers: { methods, answer }, put: (tasks) => void put(tasks).catch(() => undefined) };
}

const METHOD_NOT_FOUND = -32601;

/** The host replied with an error: it is not asked again. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'number' && code !== METHOD_NOT_FOUND;
}

/** The error of a host, with its code for the server. */
function withCode(error: unknown): never {
  const { error: said } = error as { readonly error?: { readonly code: number | null; readonly message: string } };
  throw said === undefined ? error : Object.assign(new Error(said.message), { code: said.code ?? undefined });
}
