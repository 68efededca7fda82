import { textWidth } from './text-width.ts';

declare const require: (name: 'string-width') => typeof import('string-width');

/**
 * Replaces `string-width` in the bundle. Loading its list of all emoji and its segmenter takes 50 ms of CPU time,
 * twice the start of Node.js.
 */
export default textWidth(() => require('string-width').default);
