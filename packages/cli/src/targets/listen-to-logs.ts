import { type Connection, isJsonObject, type JsonObject } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';

const MAX_LENGTH = 500;

/** Field of `_meta` that requests log messages (2026-07-28), with the lowest level that is shown. */
export const LOGS_WANTED: JsonObject = { 'io.modelcontextprotocol/logLevel': 'info' };

const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** A log message of a server, safe to print. */
export interface LogMessage {
  readonly fingerprint: string;
  readonly label: string;
  readonly level: string;
  readonly text: string;
  /** The task it belongs to, if the server names it. */
  readonly taskId?: string | undefined;
}

/** Calls `onLog` with each log message of the server. Returns the function that unsubscribes. */
export function listenToLogs(connection: Connection, onLog: (message: LogMessage) => void): () => void {
  const { fingerprint } = connection.identity;
  const label = safeText(connection.identity.label);
  return connection.onNotification((method, params) => {
    if (method === 'notifications/message') onLog({ fingerprint, label, ...readMessage(params) });
  });
}

/** `shop  warning  db: the index is stale` */
export function logLine({ label, level, text }: LogMessage): string {
  return `${label}  ${level}  ${text}`;
}

function readMessage({ level, logger, data, _meta }: JsonObject): Pick<LogMessage, 'level' | 'text' | 'taskId'> {
  const from = typeof logger === 'string' ? `${logger}: ` : '';
  const related = isJsonObject(_meta) ? _meta[RELATED_TASK] : undefined;
  const taskId = isJsonObject(related) && typeof related.taskId === 'string' ? related.taskId : undefined;
  return {
    level: safeText(String(level ?? 'log'), { maxLength: 20 }),
    text: safeText(`${from}${textOf(data)}`, { maxLength: MAX_LENGTH }),
    taskId,
  };
}

function textOf(data: JsonObject[string] | undefined): string {
  if (typeof data === 'string') return data;
  // Loggers that write objects put a lone sentence into `message`.
  const lone = isJsonObject(data) && Object.keys(data).length === 1 ? data.message : undefined;
  return typeof lone === 'string' ? lone : (JSON.stringify(data) ?? '');
}
