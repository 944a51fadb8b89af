import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CallInput } from '#shared/contract/contract.ts';
import { fail, ok } from '#shared/failure.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { Written } from '#support/recorded-session.ts';
import { renderInspector } from '#support/render-traffic.tsx';

/** The view of a message of these bytes, fetched in pieces as the page asks for them. */
async function view(
  name: 'Text' | 'Hex',
  bytes: Uint8Array,
  written: Partial<Written> = {},
  info: Partial<SocketInfo> = {},
) {
  const rendered = renderInspector({
    written: { preview: '', length: bytes.length, ...written },
    info,
    answers: {
      'sessions.payload': ({ from, length }) => ok({ bytes: bytes.slice(from, from + length), total: bytes.length }),
    },
  });
  await rendered.user.click(screen.getByRole('tab', { name }));
  const asked = () =>
    rendered.calls
      .filter((call) => call.name === 'sessions.payload')
      .map(({ input }) => input as CallInput<'sessions.payload'>);
  return { ...rendered, asked, panel: within(screen.getByRole('tabpanel', { name })) };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test('a message is shown as text, never as markup', async () => {
  const { panel } = await view('Text', utf8('<b>größe</b>'));
  const region = await panel.findByRole('region', { name: 'Message as text' });
  expect(region.textContent).toBe('<b>größe</b>');
  panel.getByText('14 B, UTF-8');
});

test('invalid UTF-8 is shown as hex, with its offset', async () => {
  const { panel } = await view('Text', new Uint8Array([0x61, 0xff, 0xfe, 0x62]));
  const mark = await panel.findByText('ff fe', { selector: 'mark' });
  expect(mark.title).toBe('2 B of invalid UTF-8 at offset 1');
  panel.getByText('4 B, 1 invalid UTF-8 sequence');
});

test('control characters are shown by their symbols', async () => {
  const { panel } = await view('Text', utf8('a\u001b[31m\u202e'));
  expect((await panel.findByText('\\x1b')).title).toBe('control character U+001B');
  panel.getByText('⟨U+202E⟩');
});

test('a long message is shown in part, and more of it on demand', async () => {
  const { asked, panel, user } = await view('Text', utf8('a'.repeat(300_000)));
  await panel.findByText(/^262 KB of 300 KB/);
  await user.click(panel.getByRole('button', { name: 'Show more' }));
  await panel.findByText(/^300\s000 B/);
  expect(panel.queryByRole('button', { name: 'Show more' })).toBeNull();
  expect(asked().at(-1)).toMatchObject({ from: 262_144, length: 37_856 });
});

test.each(['Text', 'Hex'] as const)('%s reports a message that cannot be read', async (name) => {
  const answers = { 'sessions.payload': () => fail('file', 'Could not read the message') };
  const { user } = renderInspector({ written: { preview: 'x' }, answers });
  await user.click(screen.getByRole('tab', { name }));
  await screen.findByText('Could not read the message');
});

test('hex has offsets, two groups of eight bytes, and ASCII', async () => {
  const { panel } = await view('Hex', utf8('0123456789abcdef\n'));
  await panel.findByText('30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66');
  panel.getByText('0123456789abcdef');
  panel.getByText('0000');
  panel.getByText('0010');
  panel.getByText('·');
  panel.getByText('17 B');
});

test('hex says how many of the bytes are framing', async () => {
  const { panel } = await view('Hex', utf8('abc\r\n'), { tail: 2 });
  panel.getByText(/\(2 framing\)$/);
});

test('hex fetches only the pages in sight', async () => {
  const { asked, panel } = await view('Hex', new Uint8Array(200_000));
  await panel.findAllByText(/^00 00/);
  expect(asked().filter(({ length }) => length === 32_768)).toMatchObject([{ from: 0 }]);
});

test('a message of an escaping framing is decoded in the text, and in hex as on the wire', async () => {
  const slip = new Uint8Array([0xc0, 0x61, 0xdb, 0xdc, 0xc0]);
  const { panel, user } = await view('Text', slip, { head: 1, tail: 1 }, { framing: 'slip' });
  await panel.findByText(/^decoded from slip/);
  await user.click(screen.getByRole('tab', { name: 'Hex' }));
  await screen.findByText('bytes on the wire');
  await screen.findByText(/^c0 61 db dc c0/);
});

test('line ends that are unusual are shown without being asked for, and hidden on demand', async () => {
  const { panel, user } = await view('Text', utf8('MSH|A\rPID|1\r'));
  const region = await panel.findByRole('region', { name: 'Message as text' });
  expect(region.textContent).toBe('MSH|A\\r\nPID|1\\r\n');
  expect(panel.getAllByTitle('CR (0d)')).toHaveLength(2);
  await user.click(panel.getByRole('checkbox', { name: 'Show line ends and tabs' }));
  expect(region.textContent).toBe('MSH|A\nPID|1\n');
});

test('usual line ends are shown on demand', async () => {
  const { panel, user } = await view('Text', utf8('a\n\tb\n'));
  const region = await panel.findByRole('region', { name: 'Message as text' });
  expect(region.textContent).toBe('a\n\tb\n');
  await user.click(panel.getByRole('checkbox', { name: 'Show line ends and tabs' }));
  expect(region.textContent).toBe('a\\n\n\\t\tb\\n\n');
});

test.each([
  ['200 000 combining marks', utf8(`e${'\u0301'.repeat(200_000)}`)],
  ['64 KiB of NUL', new Uint8Array(65_536)],
  ['64 KiB of UTF-16', Uint8Array.from({ length: 65_536 }, (_, at) => (at % 2 ? 0 : 97))],
  ['64 KiB that are not UTF-8', Uint8Array.from({ length: 65_536 }, (_, at) => (at % 2 ? 255 : 97))],
  ['250 000 empty lines', new Uint8Array(250_000).fill(10)],
  ['a word of 250 000 letters', new Uint8Array(250_000).fill(97)],
])('%s: only what is near to what is in sight is drawn', async (_, bytes) => {
  const { panel } = await view('Text', bytes);
  const region = await panel.findByRole('region', { name: 'Message as text' });
  expect(region.querySelectorAll('mark').length).toBeLessThanOrEqual(2_048);
  expect(region.querySelectorAll('*').length).toBeLessThan(4_000);
  expect(region.textContent?.length).toBeLessThan(16_000);
  expect(region.textContent).not.toMatch(/\p{M}{31}/u);
});
