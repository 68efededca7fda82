// Replaces Ink's own in the bundle: its developer tools are not bundled.
export const isDev = (): false => false;
