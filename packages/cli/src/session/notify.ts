import { spawn } from 'node:child_process';
import type { Context } from '../context.ts';
import { questionText } from '../display/question-text.ts';
import { safeText } from '../display/safe-text.ts';
import type { Alert } from '../display/task-events.ts';
import { summaryOf } from '../display/task-summary.ts';

/**
 * `--notify`: notifies through the terminal if there is one, else through a program of the platform. Failures are
 * ignored.
 */
export function createNotifier(context: Context): (alert: Alert) => void {
  const { stdout, stderr, env, platform } = context;
  const terminal = [stdout, stderr].find((stream) => stream.isTTY === true);
  return (alert) => {
    const text = notificationText(alert);
    if (terminal !== undefined) terminal.write(notificationSequence(text, env));
    else startNotifier(text, platform);
  };
}

function notificationText(alert: Alert): string {
  const { record } = alert;
  const state = alert.kind === 'question' ? `needs input: ${questionText(alert.request)}` : summaryOf(record).word;
  return safeText(`${record.tool} on ${record.server.label} (${record.id}) ${state}`, { maxLength: 200 });
}

/** OSC 777 for terminals that support it, else OSC 9: sending both would show two notifications in some terminals. */
export function notificationSequence(text: string, env: Context['env']): string {
  const knows777 = env.VTE_VERSION !== undefined || /^(rxvt|foot)/.test(env.TERM ?? '');
  // A semicolon separates the fields of the sequence.
  const plain = text.replaceAll(';', ',');
  const sequence = knows777 ? `\u001b]777;notify;mcp-tasks;${plain}\u0007` : `\u001b]9;${plain}\u0007`;
  return env.TMUX ? `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\` : sequence;
}

const APPLE = ['on run argv', 'display notification (item 1 of argv) with title "mcp-tasks"', 'end run'];

/** Passes the text as a separate argument, never inside a script. */
function startNotifier(text: string, platform: NodeJS.Platform): void {
  const [program, args] =
    platform === 'darwin'
      ? ['osascript', [...APPLE.flatMap((line) => ['-e', line]), text]]
      : ['notify-send', ['--app-name=mcp-tasks', '--', 'mcp-tasks', text]];
  const child = spawn(program as string, args as string[], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined); // program not found: the view shows the same text
  child.unref();
}
