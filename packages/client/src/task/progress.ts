/** Progress as the protocol carries it; `message` may also be the task's status message. */
export interface Progress {
  /** Monotonic: the server's value, else a message counter. */
  readonly progress: number;
  /** The value of `progress` at the end, if the server gives one. */
  readonly total?: number | undefined;
  /** For people. */
  readonly message?: string | undefined;
}
