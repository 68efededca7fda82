import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What the processes of a run say they saw and did, in the order in which it happened to all of them. */
export type Entry = { readonly at: number; readonly worker: string } & Happening;

export type Happening =
  | { readonly kind: 'calling'; readonly nonce: string; readonly lane: string }
  | { readonly kind: 'recorded'; readonly nonce: string; readonly id: string }
  /** `callTool` came back with this; whether the task's id was on disk by then. */
  | { readonly kind: 'called'; readonly nonce: string; readonly id: string; readonly onDisk: boolean }
  | { readonly kind: 'call-failed'; readonly nonce: string; readonly code: string; readonly message: string }
  /** A question was put before a person; what the record said of it at that moment, as this process knew it and on disk. */
  | {
      readonly kind: 'prompt';
      readonly id: string;
      readonly key: string;
      readonly digest: string;
      readonly here: string;
      readonly disk: string;
      readonly settledForMs: number;
    }
  | {
      readonly kind: 'answering';
      readonly id: string;
      readonly key: string;
      readonly digest: string;
      readonly response: object;
    }
  | { readonly kind: 'answered'; readonly id: string; readonly key: string; readonly digest: string }
  | {
      readonly kind: 'answer-failed';
      readonly id: string;
      readonly key: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'cancelling'; readonly id: string }
  | { readonly kind: 'cancelled'; readonly id: string; readonly code?: string }
  | { readonly kind: 'settled'; readonly id: string; readonly status: string }
  /** This worker was kept from its store for so long, from this moment. */
  | { readonly kind: 'store-lost'; readonly forMs: number }
  /** This worker ended one of its connections, with whatever was under way on it. */
  | { readonly kind: 'line-ended'; readonly lane: string }
  | { readonly kind: 'killed'; readonly what: string };

export interface Journal {
  write(happening: Happening): void;
}

/** One line is one write at the end of the file: what was written before a `kill -9` is there after it. */
export function openJournal(file: string, worker: string): Journal {
  return {
    write: (happening) => appendFileSync(file, `${JSON.stringify({ at: Date.now(), worker, ...happening })}\n`),
  };
}

export function readJournal(file: string): readonly Entry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}
