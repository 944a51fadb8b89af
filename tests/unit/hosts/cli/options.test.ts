import { readFile } from 'node:fs/promises';
import { type Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '#hosts/cli/program.ts';
import { withOptions } from '../../../../tools/option-table.ts';

const docs = new URL('../../../../docs/cli.md', import.meta.url);

/** Gives the arguments to the command line; what it says of wrong usage. Commands that would run are not. */
async function misuse(args: readonly string[]): Promise<string> {
  let said = '';
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
    for (const below of command.commands) quiet(below);
  };
  const program = createProgram(() => {});
  quiet(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return said;
  }
  throw new Error(`${args.join(' ')} is not refused`);
}

describe('options that do not go together', () => {
  test.each([
    [['send', 'h:1', '--udp', '--tls'], "option '--udp' cannot be used with option '--tls'"],
    [['send', '/x', '--unix', '--ws'], "option '--ws' cannot be used with option '--unix'"],
    [['send', 'tcp://h:1', '--udp'], '“tcp://h:1”: --udp cannot be used with tcp:'],
    [['send', 'ftp://h:1'], 'Unknown scheme “ftp”'],
    [['send', 'h:1', '--insecure'], "option '--insecure' is for TLS and WebSocket over TLS only"],
    [['listen', '1', '--udp', '--cert', 'x'], "option '--cert <file>' is for TLS and WebSocket over TLS only"],
    [['listen', '1', '--ws', '--cert', 'x'], "option '--cert <file>' is for TLS and WebSocket over TLS only"],
    [['send', 'h:1', '--from', ''], 'Local address must not be empty'],
    [['listen', '1', '--tls', '--cert', ''], 'Name a file'],
    [['send', 'h:1', '--keep-alive', '86400000'], 'Delay before the first probe (ms) must be 0–32767000'],
    [['listen', '1', '--join', '239.1.1.1'], "option '--join <group>' is for UDP only"],
    [['listen', '1', '--no-multicast-loopback'], 'is for UDP only'],
    [['send', 'h:1', '--udp', '--half-close'], "option '--half-close' is for TCP, TLS and local sockets only"],
    [['send', 'h:1', '--udp', '--reset'], "option '--reset' is for TCP, TLS and WebSocket only"],
    [['send', 'unix:/x', '--reset'], "option '--reset' is for TCP, TLS and WebSocket only"],
    [['send', 'h:1', '--ws', '--half-close'], "option '--half-close' is for TCP, TLS and local sockets only"],
    [
      ['send', 'h:1', '--ws', '--framing', 'line'],
      "option '--framing <framing>' is for TCP, TLS and local sockets only",
    ],
    [
      ['listen', '1', '--udp', '--framing', 'raw'],
      "option '--framing <framing>' is for TCP, TLS and local sockets only",
    ],
    [['send', 'h:1', '--udp', '--chunk', '1'], "option '--chunk <bytes>' is for TCP, TLS and local sockets only"],
    [['send', 'h:1', '--text'], "option '--text' is for WebSocket only"],
    [['send', 'ws://h:1', '--text', '--binary'], "option '--text' cannot be used with option '--binary'"],
    [
      ['listen', '1', '--udp', '--backlog', '3'],
      "option '--backlog <n>' is for TCP, TLS, local sockets and WebSocket only",
    ],
    [['send', 'unix:/x', '--from-port', '1'], "option '--from-port <n>' is for TCP, TLS, UDP and WebSocket only"],
    [['send', 'h:1', '--reuse-port'], 'is for UDP only'],
    [['send', 'h:1', '--tls', '--key', 'x'], "option '--key <file>' needs '--cert <file>'"],
    [['listen', '1', '--udp', '--source', '1.2.3.4'], "option '--source <address>' needs '--join <group>'"],
    [['send', 'h:1', '--interval', '5'], "option '--interval <ms>' needs '--repeat <n>'"],
    [
      ['send', 'h:1', '--chunk-delay', '5'],
      "option '--chunk-delay <ms>' needs '--chunk <bytes>' or '--split <offsets>'",
    ],
    [['send', 'h:1', '--reconnect'], "option '--reconnect [ms]' needs '--keep-open'"],
    [['send', 'h:1', '--repeat', '3'], "option '--repeat <n>' needs a payload"],
    [['send', 'h:1', '--half-close', '--reset'], "option '--reset' cannot be used with option '--half-close'"],
    [['send', 'h:1', '--keep-open', '--wait', '5'], "option '--keep-open' cannot be used with option '--wait <ms>'"],
    [['send', 'h:1', '--tls', '--tls-min', '1.4'], 'Allowed choices are 1.0, 1.1, 1.2, 1.3'],
    [['send', 'h:1', '--tls', '--trust', 'AB:CD'], 'The fingerprint must be the SHA-256 of a certificate'],
    [['listen', '1', '--insecure'], "unknown option '--insecure'"],
    [['send', 'h:1', '--client-cert', 'require'], "unknown option '--client-cert'"],
  ])('are refused, and named: %j', async (args, words) => {
    expect(await misuse(args)).toContain(words);
  });
});

describe('docs/cli.md', () => {
  test('has the options of listen and send with their help (node tools/option-table.ts writes them)', async () => {
    const text = await readFile(docs, 'utf8');
    expect(withOptions(text)).toBe(text);
  });

  test('names no option that does not exist', async () => {
    const text = await readFile(docs, 'utf8');
    const known = new Set(['--help', '--version']);
    const learn = (command: Command): void => {
      for (const option of command.options) known.add(option.long ?? '');
      for (const below of command.commands) learn(below);
    };
    learn(createProgram(() => {}));
    const named = [...text.matchAll(/(?<![\w-])--[a-z][a-z0-9-]*/g)].map(([option]) => option);
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });
});
