import type { Question } from '../api/handle-api.ts';
import { isJsonObject, type JsonObject } from '../task/json.ts';
import type { ClientRpc } from './client-rpc.ts';

export interface ClientQuestionsOptions {
  readonly rpc: ClientRpc;
  /** Capabilities that the client declared. */
  readonly capabilities: () => JsonObject;
  readonly onError: (error: Error) => void;
}

/** Sends questions of tasks to the handlers of the host's client. A question that it cannot answer stays open. */
export interface ClientQuestions {
  /** Sends a question once. */
  put(taskId: string, question: Question): void;
  /** Cancels the request of a question that is no longer open. */
  withdraw(taskId: string, key: string): void;
}

export function createClientQuestions({ rpc, capabilities, onError }: ClientQuestionsOptions): ClientQuestions {
  const asked = new Map<string, { readonly digest: string; readonly withdrawn: AbortController }>();
  const nameOf = (taskId: string, key: string): string => JSON.stringify([taskId, key]);

  function withdraw(name: string): void {
    asked.get(name)?.withdrawn.abort();
    asked.delete(name);
  }

  async function sendQuestion(question: Question, signal: AbortSignal): Promise<void> {
    const { method, params } = question.request;
    try {
      const response = await rpc.request(method, params, signal);
      if (!signal.aborted) await question.answer(response);
    } catch (error) {
      if (!signal.aborted) onError(error as Error);
    }
  }

  return {
    put(taskId, question) {
      const name = nameOf(taskId, question.key);
      if (asked.get(name)?.digest === question.digest || !canAnswer(capabilities(), question)) return;
      withdraw(name);
      const withdrawn = new AbortController();
      asked.set(name, { digest: question.digest, withdrawn });
      void sendQuestion(question, withdrawn.signal);
    },
    withdraw: (taskId, key) => withdraw(nameOf(taskId, key)),
  };
}

/** `elicitation: {}` means forms. Specification: client/elicitation, "Capabilities". */
function canAnswer({ elicitation, sampling, roots }: JsonObject, { request }: Question): boolean {
  switch (request.method) {
    case 'elicitation/create':
      if (!isJsonObject(elicitation)) return false;
      if (request.params.mode === 'url') return elicitation.url !== undefined;
      return elicitation.form !== undefined || elicitation.url === undefined;
    case 'sampling/createMessage':
      return sampling !== undefined;
    case 'roots/list':
      return roots !== undefined;
    default:
      return false;
  }
}
