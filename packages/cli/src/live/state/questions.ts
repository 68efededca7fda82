import {
  type InputRequest,
  isJsonObject,
  type JsonObject,
  openQuestions,
  own,
  type TaskRecord,
} from '@mcp-tasks/client';
import { repeatableQuestions } from '../../session/repeatable-questions.ts';
import type { Model, QuestionRef } from './model.ts';
import { orderRecords } from './order.ts';

/** A question as a person meets it. */
export type Question =
  | { readonly kind: 'form'; readonly message: string; readonly schema: JsonObject }
  | { readonly kind: 'url'; readonly message: string; readonly url: string }
  /** Nothing a person at this terminal could answer; `why` says so. */
  | { readonly kind: 'unanswerable'; readonly message: string; readonly why: string };

const NO_FIELDS: JsonObject = { type: 'object', properties: {} };

export function readQuestion(request: InputRequest): Question {
  const { params } = request;
  const message = typeof params.message === 'string' ? params.message : '';
  if (request.method === 'elicitation/create') {
    if (typeof params.url === 'string') return { kind: 'url', message, url: params.url };
    const schema = isJsonObject(params.requestedSchema) ? params.requestedSchema : NO_FIELDS;
    return { kind: 'form', message, schema };
  }
  if (request.method === 'sampling/createMessage') {
    return {
      kind: 'unanswerable',
      message: 'Asks a language model to write something.',
      why: 'mcp-tasks has no model to pass it to. A host with one can answer; the other questions are not held up here.',
    };
  }
  if (request.method === 'roots/list') {
    return {
      kind: 'unanswerable',
      message: 'Asks which folders of yours it may know.',
      why: 'mcp-tasks shares no folders. The other questions are not held up here.',
    };
  }
  return {
    kind: 'unanswerable',
    message: `Asks with “${request.method}”.`,
    why: 'mcp-tasks does not know this kind of question. The other questions are not held up here.',
  };
}

export function schemaOf(question: Question): JsonObject {
  return question.kind === 'form' ? question.schema : NO_FIELDS;
}

/** The request behind the reference, while it is still the same question and still open. */
export function findOpen(model: Model, ref: QuestionRef): InputRequest | undefined {
  const record = model.records.get(ref.id);
  if (record === undefined || own(record.ledger, ref.key)?.digest !== ref.digest) return undefined;
  return own(openQuestions(record), ref.key) ?? own(repeatableQuestions(record, model.now), ref.key);
}

/** Of one task: what a person may answer a second time. */
export function repeatable(model: Model, record: TaskRecord): readonly QuestionRef[] {
  if (model.readOnly || model.detached.has(record.id)) return [];
  return Object.entries(repeatableQuestions(record, model.now))
    .filter(([, request]) => readQuestion(request).kind !== 'unanswerable')
    .map(([key]) => ({ id: record.id, key, digest: own(record.ledger, key)?.digest ?? '' }))
    .filter((ref) => !model.answering.has(answerKey(ref.id, ref.key)));
}

/** Of one task: what a person can answer now, and is not being answered already. */
export function answerable(model: Model, record: TaskRecord): readonly QuestionRef[] {
  if (model.readOnly || model.detached.has(record.id)) return [];
  return Object.entries(openQuestions(record))
    .filter(([, request]) => readQuestion(request).kind !== 'unanswerable')
    .map(([key]) => ({ id: record.id, key, digest: own(record.ledger, key)?.digest ?? '' }))
    .filter((ref) => !model.answering.has(answerKey(ref.id, ref.key)));
}

/** Everything that waits for a person, in the order of the list: what a filter hides comes last. */
export function waiting(model: Model): readonly QuestionRef[] {
  const listed = new Set(model.order);
  const hidden = orderRecords(
    [...model.records.values()].filter(({ id }) => !listed.has(id)),
    '',
  );
  return [...model.order, ...hidden].flatMap((id) => {
    const record = model.records.get(id);
    return record === undefined || record.phase === 'settled' ? [] : answerable(model, record);
  });
}

export function answerKey(id: string, key: string): string {
  return `${id} ${key}`;
}

export function draftKey(ref: QuestionRef): string {
  return `${ref.id} ${ref.key} ${ref.digest}`;
}

export function sameQuestion(one: QuestionRef, other: QuestionRef): boolean {
  return one.id === other.id && one.key === other.key;
}
