import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { generateCode } from '#shared/code/generate.ts';
import type { LanguageName } from '#shared/code/program.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from '#support/config.ts';

/** The languages that have no compiler here, and their grammars. The programs of the others are compiled or run. */
const grammars: readonly (readonly [LanguageName, string])[] = [
  ['csharp', 'c-sharp'],
  ['powershell', 'powershell'],
];

const fileOf = (module: string) => fileURLToPath(import.meta.resolve(module));

beforeAll(() => Parser.init({ locateFile: () => fileOf('web-tree-sitter/web-tree-sitter.wasm') }));

async function parserOf(grammar: string): Promise<Parser> {
  const parser = new Parser();
  parser.setLanguage(await Language.load(fileOf(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`)));
  return parser;
}

/** Returns the places where a text does not follow the grammar: `line: text`. */
function mistakes(parser: Parser, text: string): string[] {
  const tree = parser.parse(text);
  const found: string[] = [];
  const look = (node: Node | null): void => {
    if (!node?.hasError) return;
    if (node.isError || node.isMissing) found.push(`${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`);
    for (const child of node.children) look(child);
  };
  look(tree?.rootNode ?? null);
  tree?.delete();
  return found;
}

const framings = [
  ...['raw', 'line', 'line:crlf', 'delim:0d0a2e0d0a:keep', 'fixed:8', 'len:4be', 'len:8le:at3:incl', 'len:3be:adj-5'],
  ...['netstring', 'slip', 'stx:21:22:23', 'cobs', 'json'],
];
const hosts = ['127.0.0.1', '::1', 'it\'s "$host" `x`.example'];
const payloads = [
  undefined,
  Buffer.from('é "\'$x`\\\n{{ }} %s #{y}'),
  Buffer.from([0, 1, 0xff, 0x22, 0x27, 0x5c, 0x24]),
];
const behaviours = [
  { kind: 'echo' },
  { kind: 'silent' },
  { kind: 'reply', text: 'ü "$x" `\'\\' },
] as const satisfies readonly ServerChanges['behaviour'][];
const files = { ca: '/etc/it\'s "ca".pem', certificate: 'c:\\cert $x.pem', key: '/k`y.pem' };

/** Every transport, with the settings of TLS that change a program. */
const clientTransports = [
  ...[{}, { udp: {} }, { transport: 'local', path: "/tmp/it's $a.sock" }, { transport: 'local', path: '@abstract' }],
  ...[{ tls: {} }, { tls: { verify: false } }, { tls: files }, { tls: { serverName: 'other.example' } }],
] as readonly ClientChanges[];
const serverTransports = [
  ...[{}, { udp: {} }, { transport: 'local', path: "/tmp/it's $a.sock" }],
  ...[{ tls: {} }, { tls: { ...files, clientCertificate: 'require' } }, { tls: { clientCertificate: 'request' } }],
] as readonly ServerChanges[];

interface Variant {
  readonly name: string;
  readonly config: EndpointConfig;
  readonly payload?: Uint8Array | undefined;
}

/** Returns the variants of a program: each framing with each transport, and with each payload or behaviour. */
function* variants(): Generator<Variant> {
  for (const spelling of framings) {
    const framing = parseFraming(spelling) as FramingSpec;
    // The host is in a literal: it does not depend on the framing.
    for (const host of spelling === 'raw' ? hosts : hosts.slice(0, 1)) {
      for (const transport of clientTransports)
        for (const [index, payload] of payloads.entries()) {
          const config = clientConfig({ port: 4711, host, ...transport, framing });
          yield { name: `client ${spelling} ${host} ${JSON.stringify(transport)} ${index}`, config, payload };
        }
      for (const transport of serverTransports)
        for (const behaviour of behaviours) {
          const config = serverConfig({ port: 4711, host, ...transport, framing, behaviour });
          yield { name: `server ${spelling} ${host} ${JSON.stringify(transport)} ${behaviour.kind}`, config };
        }
    }
  }
}

const origin = { template: true, checksum: 'crc-8' };

describe.each(grammars)('generated programs in %s', (language, grammar) => {
  test('follow the grammar of the language in every variant', async () => {
    const parser = await parserOf(grammar);
    const texts = new Map<string, string>();
    for (const { name, config, payload } of variants()) {
      const made = generateCode({ config, payload, origin, language, side: config.role });
      // A payload that a framing cannot carry, and a transport or framing that the language does not have.
      if (made.ok && !texts.has(made.value.text)) texts.set(made.value.text, name);
    }
    const wrong = [...texts].flatMap(([text, name]) => mistakes(parser, text).map((place) => `${name}, line ${place}`));
    expect(texts.size).toBeGreaterThan(150);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test('are found to be wrong without one of their brackets', async () => {
    const parser = await parserOf(grammar);
    const config = serverConfig({
      port: 4711,
      framing: parseFraming('len:4be') as FramingSpec,
      behaviour: { kind: 'echo' },
    });
    const made = generateCode({ config, language, side: 'server' });
    const text = made.ok ? made.value.text : '';
    expect(mistakes(parser, text)).toEqual([]);
    const at = text.lastIndexOf(')');
    expect(mistakes(parser, text.slice(0, at) + text.slice(at + 1))).not.toEqual([]);
  });
});
