import { isJsonObject, type JsonValue } from '../../task/json.ts';
import { isSameJson } from '../../task/same-json.ts';
import type { Condition, JobState, JobStatus } from './mapping.ts';
import { displayText, isFound, select, type ToolAnswer } from './tool-answer.ts';

const ORDER: readonly JobState[] = ['completed', 'failed', 'cancelled', 'input_required', 'working'];

/** The state of a job: `word` is the server's, `isKnown` whether the mapping has it. */
export interface StateRead {
  readonly state: JobState;
  readonly word: string | undefined;
  readonly isKnown: boolean;
}

/** Undefined if the result has no state. An unknown word is `working`, never an end. */
export function readState(status: JobStatus, answer: ToolAnswer): StateRead | undefined {
  const selector = status.match === undefined ? status.state : { match: status.match };
  const word = selector === undefined ? undefined : displayText(select(answer, selector));
  const state = ORDER.find((each) => status.map[each]?.some((entry) => isMet(entry, word, answer)));
  if (state !== undefined) return { state, word, isKnown: true };
  if (word !== undefined) return { state: 'working', word, isKnown: false };
  return selector === undefined && answer.values.length > 0 ? { state: 'working', word, isKnown: true } : undefined;
}

function isMet(entry: JsonValue | Condition, word: string | undefined, answer: ToolAnswer): boolean {
  return isJsonObject(entry) ? holds(entry, answer) : word !== undefined && String(entry) === word;
}

/** True if all parts of a condition match. */
export function holds(condition: Condition, answer: ToolAnswer): boolean {
  return Object.entries(condition).every(([where, wanted]) => {
    if (where === 'match') return typeof wanted === 'string' && isFound(wanted, answer.text);
    const found = select(answer, where) ?? null;
    return (Array.isArray(wanted) ? wanted : [wanted ?? null]).some((each: JsonValue) => isSameJson(each, found));
  });
}

/** True if the result means that the server does not know the job. */
export function isMissing({ missing }: JobStatus, answer: ToolAnswer): boolean {
  if (typeof missing === 'string') return answer.isError && isFound(missing, answer.text);
  return missing?.some((condition) => holds(condition, answer)) ?? false;
}
