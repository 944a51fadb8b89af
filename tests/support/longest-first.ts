import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long though they are short: where no earlier run has left their times, Vitest begins with large files. */
const longFiles: readonly string[] = [
  'integration/session/kill-under-load.test.ts',
  'integration/session/export-faults.test.ts',
  'integration/cli/descriptors.test.ts',
  'integration/cli/read-only.test.ts',
  'e2e/saved.test.ts',
  'e2e/sessions.test.ts',
  'e2e/exact-bytes.test.ts',
  'e2e/course.test.ts',
];

const isLong = ({ moduleId }: TestSpecification): boolean =>
  longFiles.some((file) => moduleId.endsWith(`/tests/${file}`));

/** Begins each project with its long files, so that no worker waits for one at the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project);
    return [...byProject.values()].flatMap((specs) => specs.toSorted((a, b) => Number(isLong(b)) - Number(isLong(a))));
  }
}
