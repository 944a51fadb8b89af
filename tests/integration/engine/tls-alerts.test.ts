import tls from 'node:tls';
import { expect, test } from 'vitest';
import { tlsFailure } from '#engine/drivers/tls/tls-handshake.ts';
import { rawServer } from '#support/websocket.ts';

// The code of Node's error names the alert: this sends each alert to the installed Node.
test.each([
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [44, 'certificate_revoked'],
  [45, 'certificate_expired'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [48, 'unknown_ca'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [113, 'bad_certificate_status_response'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
])('alert %i from a server is reported as %s', async (number, name) => {
  await using server = await rawServer((socket) => {
    socket.once('data', () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, number])));
  });
  const socket = tls.connect({ host: '127.0.0.1', port: server.port });
  const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(tlsFailure(error, 'handshake').text).toMatch(`the peer answered with the alert ${name} (${number}): `);
});
