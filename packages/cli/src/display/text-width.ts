import { roughWidth } from './rough-width.ts';

type StringWidth = typeof import('string-width').default;

/**
 * Western letters, punctuation, arrows, box lines and symbols; signs of Chinese, Japanese and Korean. None is an emoji
 * by itself or joins with a neighbour. Spelled out as ranges, because a class such as `\p{M}` compiles slowly.
 */
const SIMPLE =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2070-\u20bf\u2190-\u2319\u2320-\u2328\u2400-\u25fc\u2610-\u2612\u2713-\u2718\u276c-\u2775\u3000-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3250-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that colour a text
const COLOURS = /\u001b\[[\d;]*m/g;

/** Width of a text in columns, equal to that of `string-width`; `exact` loads that package for all other characters. */
export function textWidth(exact: () => StringWidth): StringWidth {
  return (text, options) => {
    const bare = text.includes('\u001b') ? text.replaceAll(COLOURS, '') : text;
    return options === undefined && SIMPLE.test(bare) ? roughWidth(bare) : exact()(text, options);
  };
}
