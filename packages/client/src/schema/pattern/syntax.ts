import type { CharacterSet } from './character-set.ts';

/** A parsed pattern. Groups are only structure: what they capture is not kept. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

/** The pattern is not of the subset that can be matched in linear time, or is no pattern at all. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';
}
