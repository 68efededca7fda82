// Replaces Ink's `utils.js` in the bundle, which omits developer tools.
export const isDev = (): false => false;
