import { type InputRequest, openQuestions, own, type TaskRecord } from '@mcp-tasks/client';
import { repeatableQuestions } from '../../session/repeatable-questions.ts';
import type { Model, QuestionRef } from './model.ts';
import { orderRecords } from './order.ts';
import { readQuestion } from './read-question.ts';

/** The open request of the reference; undefined if the question changed or closed. */
export function findOpen(model: Model, ref: QuestionRef): InputRequest | undefined {
  const record = model.records.get(ref.id);
  if (record === undefined || own(record.ledger, ref.key)?.digest !== ref.digest) return undefined;
  return own(openQuestions(record), ref.key) ?? own(repeatableQuestions(record, model.now), ref.key);
}

/** Questions of one task that a person may answer again. */
export function repeatable(model: Model, record: TaskRecord): readonly QuestionRef[] {
  if (model.readOnly || model.detached.has(record.id)) return [];
  return Object.entries(repeatableQuestions(record, model.now))
    .filter(([, request]) => readQuestion(request).kind !== 'unanswerable')
    .map(([key]) => ({ id: record.id, key, digest: own(record.ledger, key)?.digest ?? '' }))
    .filter((ref) => !model.answering.has(answerKey(ref.id, ref.key)));
}

/** Open questions of one task, except those whose answer is being sent. */
export function answerable(model: Model, record: TaskRecord): readonly QuestionRef[] {
  if (model.readOnly || model.detached.has(record.id)) return [];
  return Object.entries(openQuestions(record))
    .filter(([, request]) => readQuestion(request).kind !== 'unanswerable')
    .map(([key]) => ({ id: record.id, key, digest: own(record.ledger, key)?.digest ?? '' }))
    .filter((ref) => !model.answering.has(answerKey(ref.id, ref.key)));
}

/** All open questions in list order; those hidden by the filter come last. */
export function allQuestions(model: Model): readonly QuestionRef[] {
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

type QuestionPage = Extract<Model['page'], { kind: 'question' }>;

/** Queue of questions to answer: all open ones, or only those of the marked tasks. */
export function queueOf(model: Model, { among }: Pick<QuestionPage, 'among'>): readonly QuestionRef[] {
  return among === undefined ? allQuestions(model) : allQuestions(model).filter(({ id }) => among.has(id));
}

/** Identical questions of other marked tasks: one answer applies to all. */
export function sameOfMarked(model: Model, page: QuestionPage): readonly QuestionRef[] {
  if (page.among === undefined) return [];
  const { id, digest } = page.question;
  return queueOf(model, page).filter((each) => each.id !== id && each.digest === digest);
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
