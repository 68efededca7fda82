import { spawn } from 'node:child_process';
import { CliError } from '../../cli-error.ts';

/** Opens a page in the person's browser, only after their key press. */
export function openUrl(url: string, platform: NodeJS.Platform): Promise<void> {
  if (!/^https?:\/\//i.test(url)) {
    return Promise.reject(
      new CliError('url-refused', 'Only http and https pages are opened', `Open it yourself: ${url}`),
    );
  }
  const [command, ...args] = opener(platform, new URL(url).href);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore' });
    child.once('error', () => reject(new CliError('url-not-opened', 'No browser could be started', `Open it: ${url}`)));
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function opener(platform: NodeJS.Platform, url: string): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open', url];
  // No shell, which could interpret parts of a URL.
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url];
}
