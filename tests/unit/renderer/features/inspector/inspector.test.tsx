import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { ok } from '#shared/failure.ts';
import { messageFlags } from '#shared/message/flags.ts';
import { row, type Written } from '#support/recorded-session.ts';
import { renderPart, show } from '#support/render.tsx';
import { renderInspector } from '#support/render-traffic.tsx';
import { Inspector } from '../../../../../src/renderer/features/inspector/inspector.tsx';
import { fakeHost } from '../../fake-services.ts';

const message = { preview: 'hello', kind: 'in', length: 5, offset: 1_000 } as const;

test('without a selected record the inspector says what will be there', () => {
  const { services } = fakeHost({});
  show(services, {});
  renderPart(services, <Inspector tab="tab" />);
  screen.getByText(/No record/);
  expect(screen.queryByRole('button', { name: 'Find in the message' })).toBeNull();
});

test('the heading has the number, direction, length, offset and peer of a message', async () => {
  renderInspector({ written: message });
  screen.getByText('#3');
  screen.getByText('received, 5 B');
  screen.getByText(/^offset 1\s000$/);
  screen.getByText('boiler 127.0.0.1:50001');
  await screen.findByText('Not JSON or XML: no tree.');
});

test('a message that was sent is called so', () => {
  renderInspector({ written: { ...message, kind: 'out', length: 1 } });
  screen.getByText('sent, 1 B');
});

test.each([
  [{ transport: 'udp' }, 0, 'one datagram'],
  [{ framing: 'raw' }, 0, '1 recv'],
  [{ transport: 'ws' }, messageFlags.text, 'text message'],
  [{ transport: 'wss' }, 0, 'binary message'],
  [{}, messageFlags.incomplete, 'incomplete'],
] as const)('the heading of a message over %o with flags %i says %s', (info, flags, said) => {
  renderInspector({ written: { ...message, flags }, info });
  screen.getByText(said);
});

describe('the checksum of a received message', () => {
  const good = [...encodeUtf8('123456789'), 0x37, 0x4b];
  const inspect = (bytes: readonly number[], info: object, written: Partial<Written> = {}) =>
    renderInspector({
      written: { ...message, length: bytes.length, ...written },
      info,
      answers: { 'sessions.payload': () => ok({ bytes: Uint8Array.from(bytes), total: bytes.length }) },
    });

  test('is shown if it is ok', async () => {
    inspect(good, { checksum: 'crc-16/modbus:le' });
    await screen.findByText('Checksum crc-16/modbus:le ok: 37 4B');
  });

  test('is shown with the expected one if it is bad', async () => {
    inspect(good, { checksum: 'crc-16/modbus' });
    await screen.findByText('Checksum crc-16/modbus bad: 37 4B, expected 4B 37');
  });

  test('is shown as text where it is written in hex digits', async () => {
    inspect([...encodeUtf8('$GP*18\r\n')], { checksum: 'nmea', framing: 'line:crlf' }, { tail: 2 });
    await screen.findByText('Checksum nmea bad: 18, expected 17');
  });

  test('is bad if it is missing', async () => {
    inspect([1], { checksum: 'crc-16/modbus' });
    await screen.findByText('Checksum crc-16/modbus bad: missing');
  });

  test.each([
    [{ checksum: 'modbuss' }, {}, 'Checksum modbuss not checked: “modbuss” is not in the catalogue of checksums'],
    [
      { checksum: 'xor' },
      { flags: messageFlags.incomplete },
      'Checksum xor not checked: the record is not a whole message',
    ],
    [{ checksum: 'xor' }, { length: 2_000_000 }, /^Checksum xor not checked: the message is longer than/],
  ])('of a socket %o with %o is not checked, and the reason is shown', (info, written, said) => {
    inspect(good, info, written);
    screen.getByText(said);
  });

  test('is not shown for a sent message, nor without a check', async () => {
    inspect(good, { checksum: 'xor' }, { kind: 'out' });
    await screen.findByText('Not JSON or XML: no tree.');
    expect(screen.queryByText(/^Checksum/)).toBeNull();
  });
});

test('an event has a sentence and no payload', () => {
  renderInspector({ written: { preview: 'accepted 127.0.0.1:50001', kind: 'accepted' } });
  screen.getByText('accepted 127.0.0.1:50001');
  screen.getByText('Events have no payload. See Calls.');
  expect(screen.queryByRole('button', { name: 'Find in the message' })).toBeNull();
});

test('the handshake of a WebSocket shows its request and its answer, a header a line', async () => {
  const http = (way: 'sent' | 'received', lines: readonly string[]) =>
    ({ preview: lines.join(' · '), kind: 'http', event: { kind: 'http', way, lines } }) as const;
  const events = [http('sent', ['GET / HTTP/1.1', 'Host: h']), http('received', ['HTTP/1.1 101 Switching Protocols'])];
  const upgraded = { kind: 'upgraded', url: 'ws://h/', protocol: '', elapsedMs: 1 } as const;
  renderInspector({
    written: { preview: 'WebSocket handshake done', kind: 'upgraded', event: upgraded },
    info: { transport: 'ws', role: 'outgoing' },
    answers: {
      'sessions.find': ({ from }) => ok({ found: from < 1 ? { seq: from + 1, index: from + 1 } : null }),
      'sessions.window': ({ first }) => {
        const rows = events.slice(first, first + 1).map((event) => row(first, event));
        return ok({ total: 2, matched: 2, scanned: 2, rows, sockets: [], startAt: 0 });
      },
    },
  });
  expect((await screen.findByText('Sent')).nextElementSibling?.textContent).toBe('GET / HTTP/1.1\nHost: h');
  expect(screen.getByText('Received').nextElementSibling?.textContent).toBe('HTTP/1.1 101 Switching Protocols');
  expect(screen.queryByText(/no payload/)).toBeNull();
});

test('the calls of an incomplete message say how much of it came', async () => {
  const { user } = renderInspector({
    written: { preview: '\0\0\0\x08ab', kind: 'in', length: 6, flags: messageFlags.incomplete },
    info: { framing: 'len:4be' },
    answers: { 'sessions.payload': () => ok({ bytes: new Uint8Array([0, 0, 0, 8, 97, 98]), total: 6 }) },
  });
  await user.click(screen.getByRole('tab', { name: 'Calls' }));
  await screen.findByText(/^The stream ended after 6 of 12 bytes\./);
});

test('a view is chosen with its tab or the arrow keys, and remembered', async () => {
  const { services, user } = renderInspector({ written: message });
  await user.click(screen.getByRole('tab', { name: 'Text' }));
  screen.getByRole('tabpanel', { name: 'Text' });
  await user.keyboard('{ArrowRight}');
  screen.getByRole('tabpanel', { name: 'Hex' });
  expect(services.settings.getState().layout['inspector.view']).toBe(2);
  await user.keyboard('{End}');
  screen.getByRole('tabpanel', { name: 'Calls' });
  await user.keyboard('{ArrowRight}');
  screen.getByRole('tabpanel', { name: 'Pretty' });
});

test('the bytes of a message without its framing are offered for saving as a payload', async () => {
  const bytes = new Uint8Array([0xff, 0, 10, 13, 0xfe, 10]);
  const { services, user } = renderInspector({
    written: { preview: 'bytes', kind: 'in', length: bytes.length, tail: 1 },
    answers: {
      'sessions.payload': ({ from, length }) => ok({ bytes: bytes.subarray(from, from + length), total: bytes.length }),
    },
  });
  expect(screen.queryByRole('button', { name: 'Save as payload…' })).toBeNull();
  act(() => services.workspace.setState({ view: { id: 'w', name: 'w', folder: '/w', isDefault: true } }));
  await user.click(screen.getByRole('button', { name: 'Save as payload…' }));
  await waitFor(() =>
    expect(services.dialogs.getState()).toEqual({ kind: 'save-record', seq: 3, bytes: bytes.subarray(0, 5) }),
  );
});

test('the calls of a record are listed in Python, with explanations', async () => {
  const { user } = renderInspector({ written: message });
  await user.click(screen.getByRole('tab', { name: 'Calls' }));
  const [call] = screen.getAllByRole('listitem');
  expect(call?.textContent).toMatch(/\.recv\(\d+\)/);
  await user.click(screen.getByRole('button', { name: 'Copy calls' }));
  expect(await navigator.clipboard.readText()).toMatch(/recv\(/);
});

const threeReads = {
  'sessions.reads': () =>
    ok({
      reads: [
        { offset: 1_000, at: 0, length: 6 },
        { offset: 1_006, at: 1, length: 7 },
        { offset: 1_013, at: 2, length: 4 },
      ],
    }),
};
const long = { preview: 'begin middle end\n', kind: 'in', offset: 1_000 } as const;

test('the reads that brought a message are listed in its heading', async () => {
  const { calls } = renderInspector({ written: long, answers: threeReads });
  await screen.findByText('received in 3 recv() calls: 6 + 7 + 4 B');
  const input = { session: 's1', socket: 1, from: 1_000, to: 1_017 };
  expect(calls).toContainEqual({ name: 'sessions.reads', input });
});

test('the hex view marks where each read after the first began', async () => {
  const { user } = renderInspector({ written: long, answers: threeReads });
  await user.click(screen.getByRole('tab', { name: 'Hex' }));
  await screen.findByText('a line marks the start of each recv()');
  // The bytes at the offsets 6 and 13, in hex and in ASCII.
  const marked = [...document.querySelectorAll('[class*="readStart"]')].map(({ textContent }) => textContent);
  expect(marked).toEqual(['6d', '65', 'm', 'e']);
});

test('the calls have what each read gave of the message', async () => {
  const { user } = renderInspector({ written: long, answers: threeReads });
  await user.click(screen.getByRole('tab', { name: 'Calls' }));
  await screen.findByText('6 B');
  screen.getByText('at offset 13');
});

test('a message that shares its read with other messages says so, and has no marks', async () => {
  const one = { 'sessions.reads': () => ok({ reads: [{ offset: 990, at: 0, length: 100 }] }) };
  const { user } = renderInspector({ written: long, answers: one });
  await screen.findByText('received in a 100-byte recv, with other messages');
  await user.click(screen.getByRole('tab', { name: 'Hex' }));
  expect(screen.queryByText(/line marks/)).toBeNull();
});

test('no reads are asked for where each message is one', () => {
  const { calls } = renderInspector({ written: long, info: { framing: 'raw' }, answers: threeReads });
  expect(calls.map(({ name }) => name)).not.toContain('sessions.reads');
});
