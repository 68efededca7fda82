/** A job that was started elsewhere. */
export interface FollowRequest {
  /** The name of its mapping. */
  readonly job: string;
  /** The job's id at the server. */
  readonly id: string | number;
  /** The arguments that its tools use beside the id. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}
