import type { IncomingMessage } from 'node:http';

/** The path of a request. Undefined for a target such as `//`, which is no URL. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string | undefined {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}
