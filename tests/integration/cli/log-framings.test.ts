import { describe, expect, test } from 'vitest';
import { runCli } from '#support/cli.ts';
import { recordedConversation } from '#support/conversations.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';

/** A session in which a conversation was recorded as it was read, and datagrams beside it. */
async function recorded(folder: SessionFolder): Promise<string> {
  const { client, server } = recordedConversation('modbus');
  const log = folder.create('run.wirebench');
  log.describe({ ...acceptedSocket, framing: 'raw' });
  log.describe({ ...acceptedSocket, id: 2, transport: 'udp', framing: 'raw' });
  recordMessages(log, 'in', [client.subarray(0, 5), client.subarray(5)]);
  recordMessages(log, 'out', [server]);
  log.event(2, Date.now(), { kind: 'bound', local: { host: '127.0.0.1', port: 1, family: 4 } });
  await log.close();
  return folder.file('run.wirebench');
}

describe('wirebench log framings', () => {
  test('names the framing that fits each direction of a socket, and how many messages it gives', async () => {
    await using folder = new SessionFolder();
    const { code, stdout } = await runCli(['log', 'framings', await recorded(folder)]);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^socket 1 .* in, 79 B$/);
    expect(lines[1]).toMatch(/^ {2}len:2be:at4 \(modbus\) +6 messages$/);
    expect(stdout).toMatch(/\nsocket 1 .* out, 281 B\n {2}len:2be:at4 \(modbus\) +6 messages\n/);
    expect(stdout).not.toContain('socket 2');
  });

  test('prints JSON, of the sockets that are named', async () => {
    await using folder = new SessionFolder();
    const file = await recorded(folder);
    const one = JSON.parse((await runCli(['log', 'framings', file, '--socket', '1', '--json'])).stdout);
    expect(one.flows).toMatchObject([
      {
        socket: 1,
        direction: 'in',
        bytes: 79,
        guesses: [{ framing: 'len:2be:at4', protocols: ['modbus'], messages: 6 }],
      },
      { socket: 1, direction: 'out', bytes: 281 },
    ]);
    expect(JSON.parse((await runCli(['log', 'framings', file, '--socket', '2', '--json'])).stdout)).toEqual({
      flows: [],
    });
  });

  test('can be made into messages by the name of the protocol', async () => {
    await using folder = new SessionFolder();
    const out = folder.file('modbus.wirebench');
    const { stderr, code } = await runCli(['log', 'reframe', await recorded(folder), '--framing', 'modbus', '-o', out]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('(12 messages;') });
    expect((await runCli(['log', 'reframe', out, '--framing', 'modbuss', '-o', out])).stderr).toContain('modbus, ');
  });
});
