import type { CharacterSet } from './character-set.ts';

/** A parsed pattern. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'word-edge' | 'no-word-edge' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly parts: readonly PatternNode[] }
  /** A group that captures. */
  | { readonly kind: 'group'; readonly part: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly part: PatternNode;
      readonly min: number;
      readonly max: number;
      /** As few as possible come first; it decides what a group captures, and not whether there is a match. */
      readonly isLazy: boolean;
    };

/** The pattern is not of the subset that can be matched in linear time, or is no pattern at all. */
export class UnsupportedPattern extends Error {
  override readonly name = 'UnsupportedPattern';
}
