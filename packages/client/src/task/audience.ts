import { own } from './own.ts';
import type { TaskRecord } from './record.ts';

/** A person who answers, as the host knows them. */
export interface Person {
  /** The name that audiences use, and that the record keeps with an answer. */
  readonly name: string;
  /** Other names that an audience may use for this person: roles, teams. @default none */
  readonly groups?: readonly string[] | undefined;
}

/** The people and groups who may answer the question of this key; undefined: anybody. */
export function audienceOf({ audience, ledger }: TaskRecord, key: string): readonly string[] | undefined {
  return own(ledger, key)?.audience ?? audience;
}

/** Whether this person is in the audience. Without a person: only if the audience is undefined (anybody). */
export function isInAudience(audience: readonly string[] | undefined, person: Person | undefined): boolean {
  if (audience === undefined) return true;
  return person !== undefined && namesOf(person).some((name) => audience.includes(name));
}

export function namesOf({ name, groups = [] }: Person): readonly string[] {
  return [name, ...groups];
}

/** Everybody who may write to the task: its audience and that of each listed question. Undefined: anybody. */
export function writersOf(record: TaskRecord): readonly string[] | undefined {
  const { audience, inputRequests } = record;
  const ofQuestions = Object.keys(inputRequests).map((key) => audienceOf(record, key));
  if (audience === undefined && (ofQuestions.length === 0 || ofQuestions.includes(undefined))) return undefined;
  return [...new Set([...(audience ?? []), ...ofQuestions.flatMap((names) => names ?? [])])].sort();
}
