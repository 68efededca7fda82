import { exitCodeMeanings } from '../../exit-codes.ts';

export function exitCodesHelp(): string {
  const lines = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `Exit codes:\n${lines.join('\n')}\n`;
}
