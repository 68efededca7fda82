import { accepts, isWordCharacter } from './character-set.ts';
import { compilePattern, type Instruction, type Program } from './compile-pattern.ts';
import { parsePattern } from './parse-pattern.ts';

/** Receives the number of steps taken; throws above the limit. */
export type Spend = (steps: number) => void;

/** A pattern matched in time linear in the text: all threads are followed at once. */
export interface Pattern {
  /** True if it matches anywhere in the text, as `RegExp.test` with the flag `u`. */
  test(text: string, spend?: Spend): boolean;
}

/** @throws {UnsupportedPattern} for lookaround, back-references, a too large pattern, or invalid syntax */
export function createPattern(source: string): Pattern {
  const program = compilePattern(parsePattern(source));
  return { test: (text, spend = () => undefined) => isFoundIn(program, text, spend) };
}

/** The instructions reached at one position of the text, each once. */
interface Reached {
  readonly list: Uint32Array;
  /** The position at which an instruction was last reached. */
  readonly reachedAt: Int32Array;
  count: number;
}

function isFoundIn(program: Program, text: string, spend: Spend): boolean {
  let now = createReached(program.length);
  let next = createReached(program.length);
  let before: number | undefined;
  let place = 0;
  for (let at = 0; ; ) {
    const code = text.codePointAt(at);
    // A match may begin at every position.
    reach(0, now, program, place, before, code);
    spend(now.count + 1);
    next.count = 0;
    for (let each = 0; each < now.count; each += 1) {
      const index = now.list[each] as number;
      const instruction = program[index] as Instruction;
      if (instruction.kind === 'done') return true;
      if (instruction.kind !== 'consume' || code === undefined || !accepts(instruction.set, code)) continue;
      const after = text.codePointAt(at + lengthOf(code));
      reach(index + 1, next, program, place + 1, code, after);
    }
    if (code === undefined) return false;
    before = code;
    at += lengthOf(code);
    place += 1;
    [now, next] = [next, now];
  }
}

function createReached(size: number): Reached {
  return { list: new Uint32Array(size), reachedAt: new Int32Array(size).fill(-1), count: 0 };
}

/** Follows forks and assertions from an instruction, without recursion: a program may be long. */
function reach(
  start: number,
  reached: Reached,
  program: Program,
  place: number,
  before: number | undefined,
  after: number | undefined,
): void {
  const open = [start];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.reachedAt[index] === place) continue;
    reached.reachedAt[index] = place;
    reached.list[reached.count++] = index;
    const instruction = program[index] as Instruction;
    if (instruction.kind === 'fork') open.push(instruction.or, instruction.to);
    else if (instruction.kind === 'mark') open.push(index + 1);
    else if (instruction.kind === 'assert' && holds(instruction.at, before, after)) open.push(index + 1);
  }
}

export function holds(at: 'start' | 'end' | 'word-edge' | 'no-word-edge', before?: number, after?: number): boolean {
  if (at === 'start') return before === undefined;
  if (at === 'end') return after === undefined;
  const isEdge = isWordCharacter(before) !== isWordCharacter(after);
  return at === 'word-edge' ? isEdge : !isEdge;
}

export function lengthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}
