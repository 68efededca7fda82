/** The `question` of a task handle. */
interface Asking<Options> {
  question(
    key: string,
  ): Promise<{ answer(response: Readonly<Record<string, unknown>>, options?: Options): Promise<void> }>;
}

/** For tests: answers the task's current question under this key; any refusal rejects. */
export async function answerNow<Options>(
  task: Asking<Options>,
  key: string,
  response: Readonly<Record<string, unknown>>,
  options?: Options,
): Promise<void> {
  const question = await task.question(key);
  await question.answer(response, options);
}
