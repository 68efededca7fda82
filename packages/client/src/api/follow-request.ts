/** A job that was begun elsewhere. */
export interface FollowRequest {
  /** The name of its mapping. */
  readonly job: string;
  /** As the server names it. */
  readonly id: string | number;
  /** The arguments that its tools name beside the id. @default {} */
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
}
