import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ourFlows } from '../captures/our-flows.ts';
import { outsideData, type Suite } from '../suite.ts';

/** The blocks that are packets: enhanced, simple and obsolete ones. */
const packetBlocks = ['EPB', 'SPB', 'PB'];

/** The captures of pcapng-test-generator, each with a text that counts its blocks. */
export const pcapngFiles: Suite = {
  name: 'pcapng test files',
  proves: 'every packet of every pcapng file is read',
  async cases() {
    const folder = outsideData('pcapng-test-generator');
    if (folder === undefined) return undefined;
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pcapng'));
    return names.sort().map((name) => {
      const counts = readFileSync(join(folder, name.replace(/\.pcapng$/, '.txt')), 'utf8');
      const packets = packetBlocks.reduce((sum, type) => sum + countOf(counts, type), 0);
      const found = ourFlows(join(folder, name));
      const { truncated: cut, damaged } = found.end;
      return { name, right: said(packets, '', 0), actual: said(found.packets, cut, damaged) };
    });
  },
};

function countOf(text: string, type: string): number {
  return Number(new RegExp(`^\\s+${type}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

function said(packets: number, cut: string, damaged: number): string {
  return `${packets} packets, ${damaged} damaged${cut === '' ? '' : `, ends early: ${cut}`}`;
}
