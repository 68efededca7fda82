import type { Reporter, TestModule, TestSpecification } from 'vitest/node';

/** Prints progress by files: `12/213 files, 1 min 20 s`. */
export class CountingReporter implements Reporter {
  #total = 0;
  #done = 0;
  #begunAt = 0;

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#total = specifications.length;
    this.#begunAt = Date.now();
  }

  onTestModuleEnd(_module: TestModule): void {
    this.#done += 1;
    const seconds = Math.round((Date.now() - this.#begunAt) / 1000);
    const minutes = Math.floor(seconds / 60);
    const time = minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
    process.stdout.write(`   ${this.#done}/${this.#total} files, ${time}\n`);
  }
}
