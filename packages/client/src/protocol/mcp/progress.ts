import { isJsonObject, type JsonObject } from '../../task/json.ts';
import type { Notice } from '../dialect.ts';

export const PROGRESS = 'notifications/progress';

export function withProgressToken(params: JsonObject, token: string | undefined): JsonObject {
  if (token === undefined) return params;
  const meta = isJsonObject(params._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, progressToken: token } };
}

export function readProgress({ progressToken, progress, total, message }: JsonObject): Notice | undefined {
  if (typeof progress !== 'number') return undefined;
  return {
    kind: 'progress',
    token: progressToken,
    progress: {
      progress,
      ...(typeof total === 'number' ? { total } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    },
  };
}
