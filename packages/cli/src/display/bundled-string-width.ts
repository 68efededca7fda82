import { textWidth } from './text-width.ts';

declare const require: (name: 'string-width') => typeof import('string-width');

/**
 * Replaces `string-width` in the bundle. Its list of all emoji and its segmenter take 50 ms of CPU time, twice
 * the start of Node.js, as soon as it loads.
 */
export default textWidth(() => require('string-width').default);
