import { accepts } from './character-set.ts';
import { compilePattern, type Instruction, type Program } from './compile-pattern.ts';
import { holds, lengthOf } from './match-pattern.ts';
import { parsePattern } from './parse-pattern.ts';
import type { PatternNode } from './syntax.ts';

/** Returns the capture of the pattern's first group, or the whole match without a group. Undefined without a match. */
export type FindGroup = (text: string) => string | undefined;

/** One thread through the program. */
interface Thread {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

const FIRST: Thread = { index: 0, start: -1, end: -1 };

/** A position in the text, and the instructions that a thread of higher priority has reached there. */
interface Place {
  readonly at: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly seen: Set<number>;
  readonly program: Program;
  readonly group: PatternNode;
}

/** Linear in the text, as {@link createPattern}. @throws {UnsupportedPattern} */
export function createFindGroup(source: string): FindGroup {
  const node = parsePattern(source);
  const group = firstGroup(node) ?? ({ kind: 'group', part: node } as const);
  const program = compilePattern(firstGroup(node) === undefined ? group : node);
  return (text) => search(program, group, text);
}

function firstGroup(node: PatternNode): PatternNode | undefined {
  switch (node.kind) {
    case 'group':
      return node;
    case 'repeat':
      return firstGroup(node.part);
    case 'sequence':
    case 'alternatives':
      for (const part of node.parts) {
        const found = firstGroup(part);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** The leftmost match; of several, the one with the highest priority in the program. */
function search(program: Program, group: PatternNode, text: string): string | undefined {
  let now: readonly Thread[] = [];
  let found: Thread | undefined;
  let before: number | undefined;
  for (let at = 0; ; ) {
    const code = text.codePointAt(at);
    const seen = new Set(now.map(({ index }) => index));
    const started = found === undefined ? follow(FIRST, { seen, at, before, after: code, program, group }) : [];
    const next: Thread[] = [];
    const reached = new Set<number>();
    for (const thread of [...now, ...started]) {
      const instruction = program[thread.index] as Instruction;
      if (instruction.kind === 'done') {
        found = thread; // threads after it have lower priority
        break;
      }
      if (instruction.kind !== 'consume' || code === undefined || !accepts(instruction.set, code)) continue;
      const place = at + lengthOf(code);
      const to = { seen: reached, at: place, before: code, after: text.codePointAt(place), program, group };
      next.push(...follow({ ...thread, index: thread.index + 1 }, to));
    }
    if (code === undefined || (found !== undefined && next.length === 0)) break;
    before = code;
    at += lengthOf(code);
    now = next;
  }
  return found === undefined || found.end < 0 ? undefined : text.slice(found.start, found.end);
}

/** The threads reachable without consuming a character, in order of priority. */
function follow(from: Thread, { at, before, after, seen, program, group }: Place): readonly Thread[] {
  const threads: Thread[] = [];
  const open = [from];
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    if (seen.has(thread.index)) continue;
    seen.add(thread.index);
    const instruction = program[thread.index] as Instruction;
    if (instruction.kind === 'fork') {
      open.push({ ...thread, index: instruction.or }, { ...thread, index: instruction.to });
    } else if (instruction.kind === 'mark') {
      const marked = instruction.group === group ? { [instruction.at]: at } : {};
      open.push({ ...thread, index: thread.index + 1, ...marked });
    } else if (instruction.kind === 'assert') {
      if (holds(instruction.at, before, after)) open.push({ ...thread, index: thread.index + 1 });
    } else threads.push(thread);
  }
  return threads;
}
