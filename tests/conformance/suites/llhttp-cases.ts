import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageFlags } from '#shared/record/record.ts';
import { CollectingStream } from '#support/framing.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

/** What llhttp calls errors and are none: it was paused, or another protocol follows. */
const pauses = new Set(['21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31']);

/** The bytes that an http block spells. */
function wireOf(text: string): Uint8Array {
  const unescaped = text
    .replaceAll(/\\\r?\n/g, '')
    .replaceAll(/\r?\n/g, '\r\n')
    .replaceAll('\\r', '\r')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\f', '\f')
    .replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return new Uint8Array(Buffer.from(unescaped, 'latin1'));
}

function verdict(wire: Uint8Array): 'accepted' | 'refused' {
  const { cuts } = new CollectingStream({ kind: 'http' }).push([{ bytes: wire, at: 0 }]).end();
  return cuts.some(({ flags }) => (flags & messageFlags.malformed) !== 0) ? 'refused' : 'accepted';
}

function casesOf(folder: string, file: string): Case[] {
  const text = readFileSync(join(folder, file), 'utf8');
  const [first = '', ...rest] = text.split('<!-- meta=');
  let before = first;
  return rest.flatMap((part): Case[] => {
    const title = /^#+ (.*)$/gm.exec(before.slice(before.lastIndexOf('\n#') + 1))?.[1] ?? '';
    before = part;
    const meta = part.slice(0, part.indexOf('-->'));
    const http = /```http\n([\s\S]*?)\n```/.exec(part)?.[1] ?? '';
    const log = /```log\n([\s\S]*?)\n```/.exec(part)?.[1] ?? '';
    // The other types switch the strictness of llhttp off.
    if (!/"type": ?"(?:request|response)(?:-finish)?"/.test(meta) || meta.includes('pause')) return [];
    const error = /error code=(\d+) reason="(.*)"/.exec(log);
    const isRefused = error !== null && !pauses.has(error[1] as string);
    const name = `${file.replace('.md', '')}: ${title}${isRefused ? ` (${error[2]})` : ''}`;
    return [{ name, right: isRefused ? 'refused' : 'accepted', actual: verdict(wireOf(http)) }];
  });
}

/** The cases of llhttp, the strict parser of Node. */
export const llhttpCases: Suite = {
  name: 'llhttp',
  proves: 'HTTP/1 messages that a strict parser refuses are marked as malformed',
  async cases() {
    const folder = outsideData('llhttp-tests');
    if (folder === undefined) return undefined;
    const files = ['request', 'response'].flatMap((kind) =>
      readdirSync(join(folder, 'test', kind)).map((name) => `${kind}/${name}`),
    );
    return files.flatMap((file) => casesOf(join(folder, 'test'), file));
  },
};
