import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Log of the hosts, the person and the killer, in one common order. */
export type BridgeEntry = { readonly at: number; readonly by: string } & (
  | { readonly kind: 'calling'; readonly nonce: string }
  /** The call returned its result. */
  | { readonly kind: 'got'; readonly nonce: string; readonly text: string }
  /** The bridge reported that the call may have run. */
  | { readonly kind: 'unknown'; readonly nonce: string }
  /** A front or its reply was lost: the host calls again. */
  | { readonly kind: 'cut'; readonly nonce: string; readonly why: string }
  /** A host answered a question without a person, within milliseconds. */
  | { readonly kind: 'decided alone'; readonly message: string }
  | { readonly kind: 'answering'; readonly nonce: string; readonly key: string; readonly response: object }
  | { readonly kind: 'killed'; readonly what: Victim }
);

export type Victim = 'front' | 'keeper' | 'HTTP server' | 'stdio server' | 'host';

type Happening = BridgeEntry extends infer Each ? (Each extends BridgeEntry ? Omit<Each, 'at' | 'by'> : never) : never;

export interface EventLog {
  write(happening: Happening): void;
}

/** Each line is one append, so that it survives a `kill -9`. */
export function openEventLog(file: string, by: string): EventLog {
  return { write: (happening) => appendFileSync(file, `${JSON.stringify({ at: Date.now(), by, ...happening })}\n`) };
}

export function readEventLog(file: string): readonly BridgeEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BridgeEntry);
}
