import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Events of all processes of a run, in one common order. */
export type Entry = { readonly at: number; readonly worker: string } & Happening;

export type Happening =
  | { readonly kind: 'calling'; readonly nonce: string; readonly lane: string }
  | { readonly kind: 'recorded'; readonly nonce: string; readonly id: string }
  /** The call returned this id; `onDisk` is true when the task's id was saved by then. */
  | { readonly kind: 'called'; readonly nonce: string; readonly id: string; readonly onDisk: boolean }
  | { readonly kind: 'call-failed'; readonly nonce: string; readonly code: string; readonly message: string }
  /** A question was shown to a person; its state in the record then, in this process and on disk. */
  | {
      readonly kind: 'prompt';
      readonly id: string;
      readonly key: string;
      readonly digest: string;
      /** The updates of this handle have withdrawn the same question before. */
      readonly again: boolean;
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
  /** This worker lost its store for this long. */
  | { readonly kind: 'store-lost'; readonly forMs: number }
  /** A worker was stopped (SIGSTOP) for this long. */
  | { readonly kind: 'stopped'; readonly what: string; readonly forMs: number }
  /** This worker closed a connection with its open requests. */
  | { readonly kind: 'connection-ended'; readonly lane: string }
  | { readonly kind: 'killed'; readonly what: string };

export interface Journal {
  write(happening: Happening): void;
}

/** Each line is one append, so that it survives a `kill -9`. */
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
