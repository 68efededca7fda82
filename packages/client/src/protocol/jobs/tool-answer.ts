import { createFindGroup, type FindGroup } from '../../schema/pattern/find-group.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { isTooDeep } from '../depth.ts';
import type { Selector } from './mapping.ts';
import { readPointer } from './pointer.ts';

/** A tool result, as a mapping reads it. */
export interface ToolAnswer {
  readonly result: JsonObject;
  readonly isError: boolean;
  /** All text blocks, joined. */
  readonly text: string;
  /** The values that pointers search, first match first. */
  readonly values: readonly JsonValue[];
}

/** Length of text that a pattern searches, in UTF-16 units: an id or a state is near the beginning. */
const MAX_MATCHED = 20_000;

export function readToolAnswer(result: JsonObject): ToolAnswer {
  const parts = Array.isArray(result.content) ? result.content.filter(isJsonObject) : [];
  const text = parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : [])).join('\n');
  const { structuredContent: structured } = result;
  // Some frameworks wrap a text result once more.
  const wrapped = isJsonObject(structured) && typeof structured.result === 'string' ? structured.result : undefined;
  const values = [structured, wrapped === undefined ? undefined : parse(wrapped), parse(text)];
  const readable = values.filter((value): value is JsonValue => value !== undefined && !isTooDeep(value));
  return { result, isError: result.isError === true, text, values: readable };
}

/** The JSON of a whole text, or of a fenced block in it. */
function parse(text: string): JsonValue | undefined {
  const fenced = /^```(?:json)?[ \t]*\n([\s\S]*?)\n```/m.exec(text)?.[1];
  for (const candidate of [text, fenced]) {
    if (candidate === undefined || !/^\s*[[{]/.test(candidate)) continue;
    try {
      return JSON.parse(candidate) as JsonValue;
    } catch {
      // Prose that begins like JSON.
    }
  }
  return undefined;
}

/** The value at a selector; undefined without one. */
export function select(answer: ToolAnswer, selector: Selector): JsonValue | undefined {
  if (typeof selector !== 'string') return findGroup(selector.match, answer.text);
  for (const value of answer.values) {
    const found = readPointer(value, selector);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

const groups = new Map<string, FindGroup>();
const MAX_CACHED_PATTERNS = 1_000;

/** The first group of a pattern in a text. @throws {UnsupportedPattern} */
export function findGroup(pattern: string, text: string): string | undefined {
  const known = groups.get(pattern) ?? createFindGroup(pattern);
  if (groups.size < MAX_CACHED_PATTERNS) groups.set(pattern, known);
  return known(text.slice(0, MAX_MATCHED));
}

/** True if a pattern matches in a text. @throws {UnsupportedPattern} */
export function isFound(pattern: string, text: string): boolean {
  return findGroup(`(${pattern})`, text) !== undefined;
}

/** A value as text for people; undefined without one. */
export function displayText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
