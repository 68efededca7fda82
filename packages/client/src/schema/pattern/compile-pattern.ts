import type { CharacterSet } from './character-set.ts';
import { type PatternNode, UnsupportedPattern } from './syntax.ts';

/** One instruction of the matching machine; numbers are addresses in the program. */
export type Instruction =
  | { readonly kind: 'consume'; readonly set: CharacterSet }
  | { readonly kind: 'assert'; readonly at: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  /** Branch `to` has priority over branch `or`. */
  | { readonly kind: 'fork'; to: number; or: number }
  /** The start or end of a captured group. */
  | { readonly kind: 'mark'; readonly group: PatternNode; readonly at: 'start' | 'end' }
  | { readonly kind: 'done' };

export type Program = readonly Instruction[];

/** Bounded repetitions are unrolled: `a{3}` is `aaa`. */
const MAX_INSTRUCTIONS = 20_000;

/** @throws {UnsupportedPattern} for a pattern whose repetitions make it too large */
export function compilePattern(node: PatternNode): Program {
  if (sizeOf(node) >= MAX_INSTRUCTIONS) throw new UnsupportedPattern('its repetitions make it too large');
  const program: Instruction[] = [];
  emit(node, program);
  program.push({ kind: 'done' });
  return program;
}

function sizeOf(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
    case 'assertion':
      return 1;
    case 'group':
      return sizeOf(node.part) + 2;
    case 'sequence':
      return node.parts.reduce((size, part) => size + sizeOf(part), 0);
    case 'alternatives':
      return node.parts.reduce((size, part) => size + sizeOf(part) + 2, 0);
    case 'repeat': {
      const size = sizeOf(node.part);
      const times = Number.isFinite(node.max) ? node.max : node.min + 1;
      return times * (size + 1) + 1;
    }
  }
}

function emit(node: PatternNode, program: Instruction[]): void {
  switch (node.kind) {
    case 'set':
      program.push({ kind: 'consume', set: node.set });
      return;
    case 'assertion':
      program.push({ kind: 'assert', at: node.at });
      return;
    case 'group':
      program.push({ kind: 'mark', group: node, at: 'start' });
      emit(node.part, program);
      program.push({ kind: 'mark', group: node, at: 'end' });
      return;
    case 'sequence':
      for (const part of node.parts) emit(part, program);
      return;
    case 'alternatives':
      emitAlternatives(node.parts, program);
      return;
    case 'repeat':
      emitRepeat(node, program);
  }
}

function emitAlternatives(parts: readonly PatternNode[], program: Instruction[]): void {
  const ends: { to: number; or: number }[] = [];
  for (const part of parts.slice(0, -1)) {
    const fork = forkTo(program.length + 1);
    program.push(fork);
    emit(part, program);
    const end = forkTo(0);
    ends.push(end);
    program.push(end);
    fork.or = program.length;
  }
  for (const part of parts.slice(-1)) emit(part, program);
  for (const end of ends) {
    end.to = program.length;
    end.or = program.length;
  }
}

function emitRepeat(
  { part, min, max, isLazy }: Extract<PatternNode, { kind: 'repeat' }>,
  program: Instruction[],
): void {
  for (let time = 0; time < min; time += 1) emit(part, program);
  if (!Number.isFinite(max)) {
    const loop = forkTo(program.length + 1);
    const start = program.length;
    program.push(loop);
    emit(part, program);
    program.push(forkTo(start));
    loop.or = program.length;
    if (isLazy) swap(loop);
    return;
  }
  const skips: Fork[] = [];
  for (let time = min; time < max; time += 1) {
    const skip = forkTo(program.length + 1);
    skips.push(skip);
    program.push(skip);
    emit(part, program);
  }
  for (const skip of skips) {
    skip.or = program.length;
    if (isLazy) swap(skip);
  }
}

type Fork = Extract<Instruction, { kind: 'fork' }>;

function swap(fork: Fork): void {
  [fork.to, fork.or] = [fork.or, fork.to];
}

function forkTo(to: number): Fork {
  return { kind: 'fork', to, or: to };
}
