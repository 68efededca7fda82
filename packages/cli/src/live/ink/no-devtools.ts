// Replaces Ink's `devtools.js` in the bundle, which omits developer tools.
export {};
