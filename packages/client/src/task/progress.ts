/** As the protocol carries it; `message` may also be the task's status message. */
export interface Progress {
  /** Rises. Where the server gives no numbers, how many messages there have been. */
  readonly progress: number;
  /** What `progress` rises to, where the server knows that. */
  readonly total?: number | undefined;
  /** For people. */
  readonly message?: string | undefined;
}
