import type { InputRequest } from '../../task/task.ts';

/** The receiver of a question: a task that is led here, the stream of its result, or its call in flight. */
export interface Listener {
  /** The local id of the record: equal questions of two tasks have equal keys. */
  readonly id: string;
  readonly taskId: string | null;
  /** A call that makes no task: every request on its stream belongs to it, whatever task the request names. */
  readonly isPlain: boolean;
  /** The key of a question. */
  keyOf(request: InputRequest): string;
  ask(key: string, request: InputRequest): Promise<void>;
  /** The server withdrew the question of this key; asked again, it is the same question. */
  withdraw(key: string): void;
}
