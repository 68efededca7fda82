/** Approximate width of a text in terminal columns, for wrapping and tables; the exact rules are slow to load. */
export function roughWidth(text: string): number {
  return /^[\u0020-\u007e]*$/.test(text) ? text.length : text.length + (text.match(WIDE)?.length ?? 0);
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
