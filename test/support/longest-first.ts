import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that run longer than half a minute, the longest first. */
export const LONG = [
  'test/soak/soak.slow.test.ts',
  'test/conformance/client.slow.test.ts',
  'test/connect/host-features.slow.test.ts',
  'test/packaging/fresh-clone.slow.test.ts',
  'test/packaging/install.slow.test.ts',
  'test/auth/unattended.slow.test.ts',
  'test/connect/hosts.slow.test.ts',
  'test/main-job/keeper.test.ts',
  'test/commands/transcripts-calls.test.ts',
  'test/faults/peers/peers.slow.test.ts',
  'test/connect/task-lifecycles.slow.test.ts',
  'test/security/project-files.test.ts',
  'test/main-job/ctrl-c.test.ts',
  'test/commands/targets.test.ts',
  'test/faults/hostile-wire.test.ts',
  'test/auth/in-a-terminal.test.ts',
  'test/terminal/other-revision.test.ts',
  'test/fleet/fleet.slow.test.ts',
  'test/soak/bridge/bridge-soak.slow.test.ts',
  'test/main-job/everything.slow.test.ts',
];

/** A fresh clone has no recorded durations: without this, a worker could start the longest file last. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
