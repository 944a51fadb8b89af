import { testLanguage } from '#support/generated-code.ts';

testLanguage({
  language: 'bash',
  run: (file) => ['bash', file],
  without: ['len:8le:at3:incl', 'slip', 'slip:21:22:23:24', 'stx', 'stx:21:22:23', 'cobs'],
  // ncat stops reading from a script that waits until ncat reads from it.
  shortEchoes: ['raw', 'fixed:1048576'],
  hasTls: true,
  hasClientCertificates: false,
  hasUdpServer: false,
});
