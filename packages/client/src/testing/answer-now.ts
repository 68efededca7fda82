/** The part of a task handle that asks. */
interface Asking<Options> {
  question(
    key: string,
  ): Promise<{ answer(response: Readonly<Record<string, unknown>>, options?: Options): Promise<void> }>;
}

/** For tests: answers what the task asks under this key at this moment; a refusal of any kind rejects. */
export async function answerNow<Options>(
  task: Asking<Options>,
  key: string,
  response: Readonly<Record<string, unknown>>,
  options?: Options,
): Promise<void> {
  const question = await task.question(key);
  await question.answer(response, options);
}
