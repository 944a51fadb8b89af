import { expect, it } from 'vitest';
import { recordingDelayMs } from '#shared/record/record.ts';
import { killRounds } from '#support/kill-rounds.ts';

// `npm run attack` kills them more often, and prints how old the oldest lost line was.
it.each(['the command line', 'the browser host'] as const)(
  'no line acknowledged longer ago than is stated is lost when %s is killed under load',
  async (host) => {
    // An earlier kill cannot break the bound. The attack has early ones, too.
    const talk = { leastMs: recordingDelayMs, mostMs: recordingDelayMs + 200 };
    const { acknowledged, ages } = await killRounds(host, 3, talk);
    expect(acknowledged).toBeGreaterThan(1_000);
    expect(Math.max(...ages)).toBeLessThanOrEqual(recordingDelayMs);
  },
);
