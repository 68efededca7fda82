/** The traits of a protocol that the task lifecycle depends on. */
export interface ProtocolTraits {
  /** The result has a request of its own; a poll does not bring it. */
  readonly resultApart: boolean;
  /**
   * `listed`: the task lists questions under keys of the server, and the client sends answers.
   * `requested`: the server sends each question as a request without a key, and the reply is the answer.
   */
  readonly questions: 'listed' | 'requested';
  /**
   * `repeatable`: an answer whose reply was lost may be sent again. `once`: a poll has to show first whether it
   * arrived.
   */
  readonly answers: 'repeatable' | 'once';
  /** A task in `input_required` stays subscribed to pushes. */
  readonly pushWhileAsked: boolean;
  /** A call has to ask for a task; the list of tools shows which tools allow it. */
  readonly callsAsTask: boolean;
}
