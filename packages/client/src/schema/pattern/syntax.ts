import type { CharacterSet } from './character-set.ts';

/** A parsed pattern. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly PatternNode[] }
  /** A capturing group. */
  | { readonly kind: 'group'; readonly part: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly part: PatternNode;
      readonly min: number;
      readonly max: number;
      /** Prefers fewer repetitions; affects captures, not whether there is a match. */
      readonly isLazy: boolean;
    };

/** The pattern is outside the subset that is matched in linear time, or is invalid. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';
}
