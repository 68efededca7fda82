import type { InputRequest } from '../../task/task.ts';

/** What takes a question in: a task that is led here, the stream of its result, or its call under way. */
export interface Listener {
  /** The local id of the record: the same question of two tasks has the same key. */
  readonly id: string;
  readonly taskId: string | null;
  /** A call that makes no task: every request on its stream belongs to it, whatever task it names. */
  readonly isPlain: boolean;
  /** Under which key a question is taken in. */
  keyOf(request: InputRequest): string;
  ask(key: string, request: InputRequest): Promise<void>;
  /** The server took back what it asked under this key: asked again, it is the same question. */
  withdraw(key: string): void;
}
