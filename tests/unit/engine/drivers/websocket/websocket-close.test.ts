import { describe, expect, test } from 'vitest';
import { answerTo, closeText } from '#engine/drivers/websocket/websocket-close.ts';

describe('what a close frame says in words', () => {
  test.each([
    [1000, '', 'code 1000 normal closure'],
    [1001, 'restarting', 'code 1001 going away: restarting'],
    [1005, '', 'a close frame without a code'],
    [1006, '', 'no closing handshake (1006)'],
    [3001, 'by the registry', 'code 3001: by the registry'],
    [4999, '', 'code 4999'],
  ])('%i with “%s” is “%s”', (code, reason, text) => {
    expect(closeText(code, reason)).toBe(text);
  });

  test('what a peer writes into its reason cannot break the line or hide', () => {
    expect(closeText(1008, 'no\r\n\u001b[2J\u202eenola')).toBe('code 1008 policy violation: no␍␊␛[2J⟨U+202E⟩enola');
  });
});

test.each([
  ['WS_ERR_INVALID_UTF8', 1007],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 1008],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', 1009],
  ['WS_ERR_EXPECTED_MASK', 1002],
])('%s is answered with code %i', (error, code) => {
  expect(answerTo(error)).toBe(code);
});
