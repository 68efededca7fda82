import { own } from './own.ts';
import type { TaskRecord } from './record.ts';

/** Somebody who answers, as the host knows them. */
export interface Person {
  /** What an audience calls them, and what is written down as who answered. */
  readonly name: string;
  /** Other names that an audience may have for them: roles, teams. @default none */
  readonly groups?: readonly string[] | undefined;
}

/** Who may answer the question of this key: names of people or groups; undefined: anybody. */
export function audienceOf({ audience, ledger }: TaskRecord, key: string): readonly string[] | undefined {
  return own(ledger, key)?.audience ?? audience;
}

/** Whether this person may answer what is for this audience. Without a person only what is for anybody. */
export function isInAudience(audience: readonly string[] | undefined, person: Person | undefined): boolean {
  if (audience === undefined) return true;
  return person !== undefined && namesOf(person).some((name) => audience.includes(name));
}

export function namesOf({ name, groups = [] }: Person): readonly string[] {
  return [name, ...groups];
}

/** All who may write to the task: the audience of the task and of each question that is listed. Undefined: anybody. */
export function writersOf(record: TaskRecord): readonly string[] | undefined {
  const { audience, inputRequests } = record;
  const ofQuestions = Object.keys(inputRequests).map((key) => audienceOf(record, key));
  if (audience === undefined && (ofQuestions.length === 0 || ofQuestions.includes(undefined))) return undefined;
  return [...new Set([...(audience ?? []), ...ofQuestions.flatMap((names) => names ?? [])])].sort();
}
