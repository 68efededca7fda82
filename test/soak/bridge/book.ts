import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What hosts, the person and the killer say they did, in the order in which it happened to all of them. */
export type BridgeEntry = { readonly at: number; readonly by: string } & (
  | { readonly kind: 'calling'; readonly nonce: string }
  /** The call came back with its end. */
  | { readonly kind: 'got'; readonly nonce: string; readonly text: string }
  /** The bridge said that the call may have run. */
  | { readonly kind: 'unknown'; readonly nonce: string }
  /** A front, or its answer, was gone: the host calls again. */
  | { readonly kind: 'cut'; readonly nonce: string; readonly why: string }
  /** A host decided a question by itself, within milliseconds. */
  | { readonly kind: 'decided alone'; readonly message: string }
  | { readonly kind: 'answering'; readonly nonce: string; readonly key: string; readonly response: object }
  | { readonly kind: 'killed'; readonly what: Victim }
);

export type Victim = 'front' | 'keeper' | 'HTTP server' | 'stdio server' | 'host';

type Happening = BridgeEntry extends infer Each ? (Each extends BridgeEntry ? Omit<Each, 'at' | 'by'> : never) : never;

export interface Book {
  write(happening: Happening): void;
}

/** One line is one write at the end of the file: what was written before a `kill -9` is there after it. */
export function openBook(file: string, by: string): Book {
  return { write: (happening) => appendFileSync(file, `${JSON.stringify({ at: Date.now(), by, ...happening })}\n`) };
}

export function readBook(file: string): readonly BridgeEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BridgeEntry);
}
