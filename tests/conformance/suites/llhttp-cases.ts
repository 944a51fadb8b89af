import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageFlags } from '#shared/message/flags.ts';
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
  const { messages } = new CollectingStream({ kind: 'http' }).push([{ bytes: wire, at: 0 }]).end();
  return messages.some(({ flags }) => (flags & messageFlags.malformed) !== 0) ? 'refused' : 'accepted';
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
    // llhttp refuses a field where it stands, Wirebench a header where it ends: so one that is refused gets an end.
    const isRefused = error !== null && !pauses.has(error[1] as string);
    const name = `${file.replace('.md', '')}: ${title}${isRefused ? ` (${error[2]})` : ''}`;
    return [
      { name, right: isRefused ? 'refused' : 'accepted', actual: verdict(wireOf(isRefused ? `${http}\n\n\n` : http)) },
    ];
  });
}

const after = [
  'request/connection: No restart when keep-alive is off (1.0) (Data after `Connection: close`)',
  'request/connection: CRLF between requests, explicit `close` (Data after `Connection: close`)',
  'request/connection: CRLF between requests, explicit `close` followed by tab (Data after `Connection: close`)',
  'response/connection: HTTP/1.1 with keep-alive disabled and 204 status (Data after `Connection: close`)',
];
const others = [
  'request/method: SOURCE request with ICE',
  'request/method: OPTIONS request with RTSP',
  'request/method: ANNOUNCE request with RTSP',
  'request/method: PRI request HTTP2',
  'request/sample: No HTTP version',
  'response/sample: RTSP response',
  'response/sample: ICE response',
  'response/sample: HTTP version 0.9',
];
const tunnels = ['request/method: CONNECT request', 'request/method: CONNECT with body'];

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
  differences: Object.fromEntries([
    ...after.map((name) => [
      name,
      'what follows a message that closes the connection is the next message all the same',
    ]),
    ...others.map((name) => [name, 'it is not HTTP/1, which is what this framing is for']),
    ...tunnels.map((name) => [name, 'a tunnel begins when CONNECT is answered with success, not when it is asked for']),
    [
      'request/invalid: HTTP protocol and ANNOUNCE method (Invalid method for HTTP/x.x request)',
      'any token is a method: who tests a protocol may make one up',
    ],
    [
      'request/invalid: Invalid method (Expected space after method)',
      'any token is a method: who tests a protocol may make one up',
    ],
    [
      'request/invalid: Empty headers separated by LF (Invalid header value char)',
      'a bare line feed ends a line, as RFC 9112, 2.2 allows',
    ],
    [
      'request/invalid: Spaces before headers (Unexpected whitespace after header value)',
      'a field that does not say the length may be folded: it changes no boundary',
    ],
    [
      'request/uri: Disallow UTF-8 in URI path in strict mode (Invalid char in url path)',
      'bytes above ASCII in a target are common, and change no boundary',
    ],
  ]),
};
