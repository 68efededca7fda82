import type { StartRequest } from '../api/call-api.ts';
import type { CallAnswer, FollowedTask } from '../api/handle-api.ts';

/** The `start` of a task client. */
interface Calling {
  start(request: StartRequest): Promise<FollowedTask>;
}

/** The server's response, with the local id or the handle. */
export type AcceptedCall =
  | (Extract<CallAnswer, { kind: 'complete' }> & { readonly id: string })
  | (Extract<CallAnswer, { kind: 'task' }> & { readonly task: FollowedTask });

/** For tests: starts a call and waits until the server has answered it; any refusal rejects. */
export async function acceptedCall(client: Calling, request: StartRequest): Promise<AcceptedCall> {
  const task = await client.start(request);
  const answer = await task.accepted({ signal: request.signal });
  return answer.kind === 'complete' ? { ...answer, id: task.id } : { ...answer, task };
}
