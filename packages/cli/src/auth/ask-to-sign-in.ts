import type { Context } from '../context.ts';
import { formatDuration } from '../display/duration.ts';
import { safeText } from '../display/safe-text.ts';
import { openUrl } from '../live/world/open-url.ts';
import { repeat } from '../timers.ts';
import type { LoopbackCallback } from './loopback-callback.ts';
import type { Authorization } from './oauth-provider.ts';

export interface SignInPage extends Authorization {
  /** The name of the server. */
  readonly label: string;
}

const REDRAW_MS = 1_000;

/** Shows the sign-in page and waits for the callback, or for the redirect address that the person pastes. */
export async function askToSignIn(
  page: SignInPage,
  callback: LoopbackCallback,
  context: Context,
  out: NodeJS.WriteStream,
): Promise<URLSearchParams> {
  const { stdin, interrupt, clock } = context;
  await callback.open();
  const begun = context.now();
  out.write(invitation(page));
  const draw = (): void => {
    const text = `Waiting for the sign-in … ${formatDuration(context.now() - begun)} (Ctrl-C leaves)`;
    out.write(`\r\x1b[2K${text.slice(0, Math.max(20, out.columns - 1))}`);
  };
  const print = (text: string): void => void out.write(`\r\x1b[2K${text}\n`);
  const done = new AbortController();
  const typed = new Promise<URLSearchParams>((resolve) => {
    const onData = (chunk: Buffer | string): void => {
      const line = chunk.toString().trim();
      const pasted = parametersOf(line, page.state);
      if (pasted !== undefined) resolve(pasted);
      else if (line !== '') print('That is not the address the sign-in ended at. Paste it whole.');
      else
        openUrl(page.url.href, context.platform).catch(() => print('No browser could be started. Open it yourself.'));
    };
    stdin.on('data', onData);
    stdin.resume();
    done.signal.addEventListener('abort', () => {
      stdin.off('data', onData);
      stdin.pause();
    });
  });
  const stopRedraw = repeat(clock, REDRAW_MS, draw);
  draw();
  try {
    const parameters = await Promise.race([
      callback.wait(page.state, AbortSignal.any([interrupt, done.signal])),
      typed,
    ]);
    const error = parameters.get('error');
    if (error === null) out.write('\r\x1b[2K');
    else print(`The sign-in was refused: ${safeText(error)}`);
    return parameters;
  } catch (error) {
    print('Sign-in stopped; no tokens were saved.');
    throw error;
  } finally {
    stopRedraw();
    done.abort();
  }
}

/** The text before the sign-in: the host on a separate line, and the full URL. */
function invitation({ label, url }: SignInPage): string {
  const isPlain = url.protocol !== 'https:' && !/^(localhost|127\.|\[::1\])/.test(url.hostname);
  return [
    `${safeText(label)} wants you to sign in.`,
    `  host  ${safeText(url.host)}`,
    `  url   ${safeText(url.href, { maxLength: 100_000 })}`,
    ...(isPlain ? ['  Not encrypted: http.'] : []),
    'Enter opens it in your browser; nothing opens by itself.',
    'No browser here? Open it elsewhere, and paste the address at which it ends.',
    '',
  ].join('\n');
}

function parametersOf(line: string, state: string): URLSearchParams | undefined {
  if (!URL.canParse(line)) return undefined;
  const { searchParams } = new URL(line);
  return searchParams.get('state') === state ? searchParams : undefined;
}
