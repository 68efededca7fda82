import { type InputRequest, type InputResponse, own } from '@mcp-tasks/client';
import {
  ANSWER_CHOICES,
  type Choice,
  createFormState,
  type FormState,
  type Submission,
} from '../../forms/form-state.ts';
import type { Step } from './message.ts';
import type { Model, Page, QuestionRef } from './model.ts';
import { answerKey, draftKey, findOpen, queueOf, repeatable, sameOfMarked, sameQuestion } from './questions.ts';
import { readQuestion, schemaOf } from './read-question.ts';
import { selectedRecord, shownMarks, withoutMarks } from './selection.ts';

type QuestionPage = Extract<Page, { kind: 'question' }>;

/** Opens the selected task's question, else the first one waiting. */
export function answerNext(model: Model): Step<Model> {
  const marks = shownMarks(model);
  const among = marks.length > 0 ? new Set(marks) : undefined;
  const queue = queueOf(model, among === undefined ? {} : { among });
  const first = queue.find(({ id }) => id === selectedRecord(model)?.id) ?? queue[0];
  const back: Page = model.page.kind === 'detail' ? model.page : { kind: 'list' };
  return [first === undefined ? model : openQuestion(model, first, back, among), []];
}

/** Opens the form of a question to answer again, which only a person can start. */
export function answerAgain(model: Model): Step<Model> {
  const record = selectedRecord(model);
  const [first] = record === undefined ? [] : repeatable(model, record);
  return [first === undefined ? model : openQuestion(model, first, model.page), []];
}

export function openQuestion(model: Model, question: QuestionRef, back: Page, among?: ReadonlySet<string>): Model {
  const request = findOpen(model, question);
  if (request === undefined) return { ...model, page: back };
  const form =
    model.drafts.get(draftKey(question)) ?? createFormState(schemaOf(readQuestion(request)), choicesFor(request));
  return { ...model, page: { kind: 'question', question, form, back, ...(among === undefined ? {} : { among }) } };
}

/** Choices that the question allows. */
function choicesFor({ actions }: InputRequest): readonly Choice[] {
  return actions === undefined ? ANSWER_CHOICES : ANSWER_CHOICES.filter((choice) => actions.includes(choice));
}

/** Leaves the form without answering; the draft is kept for the next time. */
export function leaveForm(model: Model): Model {
  const { page } = model;
  return page.kind === 'question' ? { ...keepDraft(model, page), page: page.back } : model;
}

function keepDraft(model: Model, page: QuestionPage): Model {
  return {
    ...model,
    drafts: new Map([...model.drafts, [draftKey(page.question), { ...page.form, submission: null }]]),
  };
}

export function nextQuestion(model: Model): Step<Model> {
  const { page } = model;
  if (page.kind !== 'question') return [model, []];
  const queue = queueOf(model, page);
  const at = queue.findIndex((each) => sameQuestion(each, page.question));
  const next = queue[(at + 1) % queue.length];
  return [next === undefined ? model : openQuestion(keepDraft(model, page), next, page.back, page.among), []];
}

export function openUrl(model: Model): Step<Model> {
  const { page } = model;
  const request = page.kind === 'question' ? findOpen(model, page.question) : undefined;
  const question = request === undefined ? undefined : readQuestion(request);
  if (question?.kind !== 'url') return [model, []];
  return [model, [{ kind: 'perform', act: { kind: 'open-url', url: question.url } }]];
}

/** Updates the form after a key; a decision sends the answer and opens the next question. */
export function formChanged(model: Model, page: QuestionPage, form: FormState): Step<Model> {
  if (form.submission === null) return [{ ...model, page: { ...page, form } }, []];
  const { id, key, digest } = page.question;
  const request = findOpen(model, page.question);
  const isUrl = request !== undefined && readQuestion(request).kind === 'url';
  const response = responseOf(form.submission, isUrl);
  const same = sameOfMarked(model, page);
  const answering = new Set([
    ...model.answering,
    ...[page.question, ...same].map((each) => answerKey(each.id, each.key)),
  ]);
  const sent: Model = { ...keepDraft(model, { ...page, form }), answering };
  const left = queueOf(sent, page);
  // The next question now has this one's index in the queue: those of the same task come first.
  const next = left[queueOf(model, page).findIndex((each) => sameQuestion(each, page.question))] ?? left[0];
  const done = page.among === undefined ? sent : { ...sent, marked: withoutMarks(sent.marked, page.among) };
  const after = next === undefined ? { ...done, page: page.back } : openQuestion(sent, next, page.back, page.among);
  const again = own(model.records.get(id)?.ledger, key)?.state === 'open' ? {} : { again: true as const };
  const others = same.map((each) => ({ kind: 'perform', act: { kind: 'answer', ...each, response } }) as const);
  return [after, [{ kind: 'perform', act: { kind: 'answer', id, key, digest, response, ...again } }, ...others]];
}

function responseOf(submission: Submission, isUrl: boolean): InputResponse {
  if (submission.choice === 'decline' || submission.choice === 'cancel') return { action: submission.choice };
  if (isUrl || !('content' in submission)) return { action: 'accept' };
  return { action: 'accept', content: submission.content };
}
