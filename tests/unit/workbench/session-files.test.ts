import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { importTarget } from '#workbench/session-files.ts';

it('calls an imported session after its source, with a number where that is taken', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const target = importTarget(folder, '/captures/.a day: at sea.pcapng');
  expect(target).toBe(join(folder, 'a day_ at sea.wirebench'));
  await writeFile(target, '');
  expect(importTarget(folder, 'a day: at sea.pcap')).toBe(join(folder, 'a day_ at sea-2.wirebench'));
  expect(importTarget(folder, '/captures/night.pcap.gz')).toBe(join(folder, 'night.wirebench'));
});

it('keeps a long name as short as a file system wants it, in whole characters', () => {
  for (const name of ['測'.repeat(80), '🦀'.repeat(60), 'a'.repeat(250)]) {
    const stem = basename(importTarget('/none', `${name}.jsonl`), '.wirebench');
    expect(name.startsWith(stem)).toBe(true);
    expect(Buffer.byteLength(`${stem}-99.wirebench.0123abcd.part.unpacked`)).toBeLessThanOrEqual(255);
    expect(stem.length).toBeGreaterThan(40);
  }
});
