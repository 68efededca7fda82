import { canonical, type Findings, type Ledgers } from './audit.ts';
import { groupBy } from './group-by.ts';
import type { Entry } from './journal.ts';

/** Limit in ms for a process to see another's answer on a busy machine; it polls the store four times a second. */
const NEWS_MS = 15_000;

type Answering = Extract<Entry, { kind: 'answering' }>;

export function auditAnswers(
  ledgers: Ledgers,
): Pick<Findings, 'duplicate answers' | 'answers nobody gave' | 'questions asked twice'> {
  const { journal, answers, tasks, records } = ledgers;
  const twice: string[] = [];
  const unasked: string[] = [];
  const again: string[] = [];
  const given = journal.filter((entry): entry is Answering => entry.kind === 'answering');
  const givenTo = groupBy(given, ({ id }) => id);
  const byTask = new Map(records.map((record) => [record.taskId, record]));

  for (const [question, sent] of groupBy(answers, (each) => each.question)) {
    const different = new Set(sent.map(({ response }) => canonical(response)));
    if (different.size > 1) twice.push(`${question}: ${[...different].join(' and ')}`);
  }
  for (const task of tasks) {
    const record = byTask.get(task.id);
    const responses = (givenTo.get(record?.id ?? '') ?? []).map(({ response }) => canonical(response));
    for (const answer of task.repeated ?? []) twice.push(`task ${task.id} was answered twice with ${answer}`);
    for (const [key, answer] of Object.entries(task.answers)) {
      if (!responses.includes(canonical(answer))) unasked.push(`task ${task.id}, ${key}: ${JSON.stringify(answer)}`);
    }
  }

  const answeredAt = new Map<string, number>();
  for (const entry of journal) {
    if (entry.kind === 'answered') {
      const question = `${entry.id} ${entry.digest}`;
      if (answeredAt.has(question)) twice.push(`${entry.id} ${entry.key} was accepted from two people`);
      answeredAt.set(question, entry.at);
    }
    if (entry.kind !== 'prompt') continue;
    // A question may be answered elsewhere while it is being delivered; it is then withdrawn at once.
    const isKnown = entry.again && (entry.here === 'answering' || entry.here === 'acknowledged');
    const isStale = entry.disk === 'answering' || entry.disk === 'acknowledged';
    if (isKnown) again.push(`${entry.id} ${entry.key} was shown at ${entry.worker}, which knew it was answered`);
    if (isStale && entry.settledForMs > NEWS_MS) {
      again.push(
        `${entry.id} ${entry.key} was shown at ${entry.worker} ${entry.settledForMs} ms after it was answered`,
      );
    }
    if (entry.disk === 'open' && answeredAt.has(`${entry.id} ${entry.digest}`)) {
      again.push(`${entry.id} ${entry.key} was open again at ${entry.worker} after it was answered`);
    }
  }
  return { 'duplicate answers': twice, 'answers nobody gave': unasked, 'questions asked twice': again };
}
