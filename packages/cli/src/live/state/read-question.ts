import { type InputRequest, isJsonObject, type JsonObject, kindOfQuestion } from '@mcp-tasks/client';

/** A question as shown to a person. */
export type Question =
  | { readonly kind: 'form'; readonly message: string; readonly schema: JsonObject }
  | { readonly kind: 'url'; readonly message: string; readonly url: string }
  /** A request that no person at this terminal can answer; `why` has the reason. */
  | { readonly kind: 'unanswerable'; readonly message: string; readonly why: string };

const NO_FIELDS: JsonObject = { type: 'object', properties: {} };

export function readQuestion(request: InputRequest): Question {
  const { params } = request;
  const message = typeof params.message === 'string' ? params.message : '';
  switch (kindOfQuestion(request)) {
    case 'page':
      return { kind: 'url', message, url: String(params.url) };
    case 'form': {
      const schema = isJsonObject(params.requestedSchema) ? params.requestedSchema : NO_FIELDS;
      return { kind: 'form', message, schema };
    }
    case 'model':
      return {
        kind: 'unanswerable',
        message: 'Asks a language model to write something.',
        why: 'mcp-tasks has no model to pass it to. A host with one can answer; the other questions are not held up here.',
      };
    case 'folders':
      return {
        kind: 'unanswerable',
        message: 'Asks which folders of yours it may know.',
        why: 'mcp-tasks shares no folders. The other questions are not held up here.',
      };
    case 'unknown':
      return {
        kind: 'unanswerable',
        message: `Asks with “${request.method}”.`,
        why: 'mcp-tasks does not know this kind of question. The other questions are not held up here.',
      };
  }
}

export function schemaOf(question: Question): JsonObject {
  return question.kind === 'form' ? question.schema : NO_FIELDS;
}
