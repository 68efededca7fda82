import { contentFixtures } from '../fixtures/content-tools.ts';
import { questionFixtures } from '../fixtures/question-tools.ts';
import { taskFixtures } from '../fixtures/task-tools.ts';
import type { DemoTool } from '../tool.ts';
import { echo, hello, largeResult } from './instant.ts';
import { mischief } from './mischief.ts';
import { confirmFirst, signIn, summarize, survey } from './questions.ts';
import { release } from './release.ts';
import { batch, batchPinned, check, importRows, report } from './work.ts';

/** The tools by name; includes those of the conformance suite only on request. */
export function createTools(conformance: boolean): ReadonlyMap<string, DemoTool> {
  const tools = [
    hello,
    release,
    report,
    survey,
    signIn,
    importRows,
    check,
    batch,
    batchPinned,
    confirmFirst,
    summarize,
    largeResult,
    echo,
    mischief,
    ...(conformance ? [...taskFixtures, ...contentFixtures, ...questionFixtures] : []),
  ];
  return new Map(tools.map((tool) => [tool.name, tool]));
}
