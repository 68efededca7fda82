import { spawn } from 'node:child_process';
import type { TaskChange } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { jsonText } from '../display/json-text.ts';
import { safeText } from '../display/safe-text.ts';
import { type Alert, eventOf, isAlert } from '../display/task-events.ts';
import { createNotifier } from './notify.ts';

export interface AlarmFlags {
  readonly exec?: string | undefined;
  readonly notify?: boolean | undefined;
}

export interface Alarm {
  /** Runs the `--exec` command for each alert. */
  readonly ring: (alert: Alert) => void;
  readonly onUpdate: (update: TaskChange) => void;
}

/**
 * Runs the `--exec` command with the task in its environment and as JSON on its standard input. Its output is not
 * shown; a command that fails is reported once.
 */
export function createAlarm(
  context: Context,
  { exec: command, notify = false }: AlarmFlags,
  onFailed: (text: string) => void,
): Alarm {
  const notifyDesktop = notify ? createNotifier(context) : undefined;
  let hasFailed = false;
  const ring: Alarm['ring'] = (alert) => {
    const { kind, record } = alert;
    notifyDesktop?.(alert);
    if (command === undefined) return;
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: context.platform !== 'win32',
      env: {
        ...context.env,
        MCP_TASKS_EVENT: kind,
        MCP_TASKS_ID: record.id,
        MCP_TASKS_STATUS: record.outcome?.status ?? record.status,
        MCP_TASKS_TOOL: variableText(record.tool, context.platform),
        MCP_TASKS_SERVER: variableText(record.server.label, context.platform),
      },
    });
    const fail = (how: string): void => {
      if (!hasFailed) onFailed(`--exec ${how}: ${safeText(command, { maxLength: 200 })}`);
      hasFailed = true;
    };
    child.on('error', (error) => fail(`could not be run (${error.message})`));
    child.on('exit', (code) => {
      if (code !== null && code !== 0) fail(`ended with ${code}`);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(jsonText({ ...eventOf(alert), outcome: record.outcome }));
    child.unref();
  };
  return {
    ring,
    onUpdate(update) {
      if (isAlert(update)) ring(update);
    },
  };
}

/** Maximum length of an environment variable, in characters: a longer one could exceed the limit of a process. */
const LONGEST_VARIABLE = 500;

/**
 * Makes a server's text safe for the environment of a shell: control characters are escaped (a NUL stops the start),
 * leading dashes removed (they read as flags), and only plain characters kept for cmd.exe, which expands first.
 */
export function variableText(text: string, platform: NodeJS.Platform): string {
  const shown = safeText(text, { maxLength: LONGEST_VARIABLE }).replace(/^-+/, '');
  return platform === 'win32' ? shown.replace(/[^\p{L}\p{N} _.:/@-]/gu, '_') : shown;
}
