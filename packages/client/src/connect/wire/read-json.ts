import { isJsonObject, type JsonObject, type JsonValue } from '../../task/json.ts';
import { LOST_DIGITS, lostDigits } from '../../task/lost-digits.ts';

/** Parses a message; marks a result in which a number lost digits in `JSON.parse`. @throws {SyntaxError} */
export function readJson(text: string): JsonValue {
  const message = JSON.parse(text) as JsonValue;
  const lost = lostDigits(text);
  return lost === undefined ? message : withLostDigits(message, lost);
}

/** Marks the result of a call, also inside a task. */
function withLostDigits(message: JsonValue, lost: string): JsonValue {
  if (Array.isArray(message)) return message.map((each: JsonValue) => withLostDigits(each, lost));
  if (!isJsonObject(message)) return message;
  if (isJsonObject(message.params)) return { ...message, params: markInside(message.params, lost) };
  if (!isJsonObject(message.result)) return message;
  const { content, structuredContent } = message.result;
  const isResult = content !== undefined || structuredContent !== undefined;
  return { ...message, result: isResult ? mark(message.result, lost) : markInside(message.result, lost) };
}

function markInside(task: JsonObject, lost: string): JsonObject {
  return isJsonObject(task.result) ? { ...task, result: mark(task.result, lost) } : task;
}

function mark(result: JsonObject, lost: string): JsonObject {
  const meta = isJsonObject(result._meta) ? result._meta : {};
  return { ...result, _meta: { ...meta, [LOST_DIGITS]: lost } };
}
