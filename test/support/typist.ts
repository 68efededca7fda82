/** Shortest delay before Enter on a new screen, in ms. */
const ENTER_DELAY_MS = 450;

/** Limit of the wait for the screen to change after Enter, in ms: some keys change nothing. */
const MAX_WAIT_MS = 2_000;

export interface TypistOptions {
  readonly write: (input: string) => void;
  /** Instant of the last screen change, by `performance.now()`. */
  readonly shownAt: () => number;
  readonly isEnded: () => boolean;
}

/** Types like a person: other keys at once, Enter after the screen has changed and settled. */
export function createTypist({ write, shownAt, isEnded }: TypistOptions): (input: string) => void {
  let typing = Promise.resolve();
  let waits = 0;
  let enteredAt = -Infinity;

  async function readyForEnter(): Promise<void> {
    const from = performance.now();
    const isReady = (now: number): boolean =>
      now - Math.max(from, shownAt()) >= ENTER_DELAY_MS && (shownAt() > enteredAt || now - enteredAt >= MAX_WAIT_MS);
    while (!isEnded() && !isReady(performance.now()) && performance.now() - from < 2 * MAX_WAIT_MS)
      await new Promise<void>((resolve) => setTimeout(resolve, 25));
  }

  return (input) => {
    for (const part of input.split(/(\r)/).filter((each) => each !== '')) {
      if (part !== '\r' && waits === 0) {
        write(part);
        continue;
      }
      waits += 1;
      typing = typing.then(readyForEnter).then(() => {
        waits -= 1;
        if (isEnded()) return;
        if (part === '\r') enteredAt = performance.now();
        write(part);
      });
    }
  };
}
