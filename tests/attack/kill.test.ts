import { expect, it } from 'vitest';
import { recordingDelayMs } from '#shared/record/record.ts';
import { figuresText, killRounds } from '#support/kill-rounds.ts';
import { killSavingProcess } from '#support/workspace-kills.ts';

it.each([
  { host: 'the command line', kills: 200 },
  { host: 'the browser host', kills: 50 },
] as const)(
  'no line acknowledged longer ago than is stated is lost, whenever $host is killed under load',
  async ({ host, kills }) => {
    const figures = await killRounds(host, kills);
    console.log(figuresText(host, figures));
    expect(figures.acknowledged).toBeGreaterThan(kills * 100);
    expect(Math.max(...figures.ages)).toBeLessThanOrEqual(recordingDelayMs);
  },
);

it('kill -9 during a save in a workspace leaves the old or the new text, and the draft', () => killSavingProcess(200));
