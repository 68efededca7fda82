import { join } from 'node:path';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { expect } from 'vitest';
import type { Terminal } from '../support/terminal.ts';
import { createNormalizer, type Normalizer } from './normalize.ts';
import { type RunOptions, run, terminal } from './support.ts';

export interface TranscriptOptions extends RunOptions {
  /** Texts that differ between runs, with their replacements. */
  readonly replacements?: Readonly<Record<string, string>>;
}

/** Commands and their output, saved as a readable file. */
export class Transcript {
  readonly #options: RunOptions;
  readonly #parts: string[] = [];
  readonly #normalizer: Normalizer;

  constructor({ replacements, ...options }: TranscriptOptions) {
    this.#options = options;
    this.#normalizer = createNormalizer({ ...replacements, [options.home]: '~' });
  }

  async piped(...args: readonly string[]): Promise<string> {
    const { stdout, stderr, code } = await run(args, this.#options);
    await this.#learn(`${stdout}\n${stderr}`);
    const out = this.#normalizer.output(args, stdout);
    const errorOutput = this.#normalizer.output(args, stderr);
    const err = errorOutput === '' ? '' : `--- stderr\n${errorOutput}`;
    this.#parts.push(`$ mcp-tasks ${this.#normalizer.words(args)} | cat\n${out}${err}--- exit ${code}`);
    return stdout;
  }

  /** Runs in a terminal of 100 columns; records the final screen. */
  async typed(args: readonly string[], act: (tty: Terminal) => Promise<void> = async () => undefined): Promise<void> {
    await using tty = terminal(args, { ...this.#options, columns: 100, rows: 40 });
    await act(tty);
    const { code } = await tty.exited;
    await this.#learn(tty.scrollback());
    const out = this.#normalizer.output(args, tty.scrollback());
    this.#parts.push(`$ mcp-tasks ${this.#normalizer.words(args)}\n${out}--- exit ${code}`);
  }

  async matches(name: string): Promise<void> {
    await expect(`${this.#parts.join('\n\n')}\n`).toMatchFileSnapshot(`./transcripts/${name}.txt`);
  }

  /** Names the recorded ids in order, so that the first task of a script is number one. */
  async #learn(text: string): Promise<void> {
    const store = await openSqliteStore({ directory: join(this.#options.home, 'state') });
    const records = (await store.list()).records;
    await store.close();
    const named = (id: string): number => (text.includes(id) ? text.indexOf(id) : Number.POSITIVE_INFINITY);
    for (const { id, taskId } of [...records].sort((a, b) => named(a.id) - named(b.id))) {
      this.#normalizer.name('id', id);
      if (taskId !== null) this.#normalizer.name('task', taskId);
    }
  }
}
