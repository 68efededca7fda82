/** What a protocol can do, as far as it decides what happens to a task. */
export interface ProtocolTraits {
  /** A poll does not bring the result: it is fetched by a request of its own. */
  readonly resultApart: boolean;
  /**
   * `listed`: the task lists its questions under keys of the server, and answers are sent by a request of ours.
   * `requested`: the server asks by requests of its own, which have no key, and the reply is the answer.
   */
  readonly questions: 'listed' | 'requested';
  /** Whether an answer whose reply was lost may be sent again, or has to be looked for first. */
  readonly answers: 'repeatable' | 'once';
  /** Whether a task that waits for input stays subscribed to pushes. */
  readonly pushWhileAsked: boolean;
  /** Whether a call has to ask for a task, and the list of tools says which ones may. */
  readonly callsAsTask: boolean;
}
