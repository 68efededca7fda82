import { type Connection, isJsonObject, type JsonObject } from '@mcp-tasks/client';
import { safeText } from '../display/safe-text.ts';

const MAX_LENGTH = 500;

/** Tells each log message of the server in one harmless line: `shop  warning  db: the index is stale`. */
export function hearLogs(connection: Connection, tell: (line: string) => void): void {
  connection.onNotification((method, params) => {
    if (method === 'notifications/message') tell(logLine(connection.identity.label, params));
  });
}

function logLine(label: string, { level, logger, data }: JsonObject): string {
  const from = typeof logger === 'string' ? `${logger}: ` : '';
  const said = safeText(`${from}${textOf(data)}`, { maxLength: MAX_LENGTH });
  return `${safeText(label)}  ${safeText(String(level ?? 'log'), { maxLength: 20 })}  ${said}`;
}

function textOf(data: JsonObject[string] | undefined): string {
  if (typeof data === 'string') return data;
  // Loggers that write objects put a lone sentence into `message`.
  const lone = isJsonObject(data) && Object.keys(data).length === 1 ? data.message : undefined;
  return typeof lone === 'string' ? lone : (JSON.stringify(data) ?? '');
}
