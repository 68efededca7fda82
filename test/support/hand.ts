/** A hand is not faster with Enter on what has just come up. */
const HAND_MS = 450;

/** How long a hand waits for the screen to answer the last Enter: some change nothing. */
const NO_ANSWER_MS = 2_000;

export interface HandOptions {
  readonly write: (input: string) => void;
  /** When the screen last changed, by `performance.now()`. */
  readonly shownAt: () => number;
  readonly isEnded: () => boolean;
}

/** Types as a person does: other keys at once, and Enter when the screen has answered the last one and stands still. */
export function createHand({ write, shownAt, isEnded }: HandOptions): (input: string) => void {
  let typing = Promise.resolve();
  let waits = 0;
  let enteredAt = -Infinity;

  async function readyForEnter(): Promise<void> {
    const from = performance.now();
    const isReady = (now: number): boolean =>
      now - Math.max(from, shownAt()) >= HAND_MS && (shownAt() > enteredAt || now - enteredAt >= NO_ANSWER_MS);
    while (!isEnded() && !isReady(performance.now()) && performance.now() - from < 2 * NO_ANSWER_MS)
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
