import stringWidth from 'string-width';

/** Replaces Ink's `measureText` in the bundle: Ink caches every text that it ever measured. */
export default function measureText(text: string): { readonly width: number; readonly height: number } {
  if (text === '') return { width: 0, height: 0 };
  const lines = text.split('\n');
  return { width: Math.max(...lines.map((line) => stringWidth(line))), height: lines.length };
}
