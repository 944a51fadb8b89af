import { close, handshakeFailed, noted, read, resynchronise, send, sendOf, written } from '#support/dialogue.ts';
import { playbook } from './playbook.ts';

/** The handshake, and what happens during it. */
export const opening = [
  playbook('a connection without limits of silence arms no timer', () => [['start'], ['handshake-done', 'attach']]),
  playbook('the time to the first byte begins with the handshake', () => [['start', 'arm idle-check 300']], {
    limits: { firstByteMs: 300 },
  }),
  playbook('what is sent during the handshake is sent after it', () => [
    ['start'],
    [send('hello')],
    [noted, 'record problem'],
    ['handshake-done', 'attach', 'write "hello"'],
    [written, 'sent "hello"', 'settle 5'],
  ]),
  playbook('what is cancelled during the handshake is not sent', () => {
    const early = sendOf('early');
    return [
      [{ kind: 'send', send: early }],
      [send('hello')],
      [{ kind: 'cancel', send: early }, 'settle 0 incomplete'],
      ['handshake-done', 'attach', 'write "hello"'],
    ];
  }),
  playbook('a FIN that is asked for during the handshake waits for its end, and for what is queued', () => [
    [send('hello')],
    ['shutdown'],
    ['shutdown'],
    [send('late'), 'settle 0 incomplete'],
    ['handshake-done', 'attach', 'write "hello"', 'raise drained'],
    [written, 'sent "hello"', 'settle 5', 'raise drained', 'record shutdown', 'end-writing'],
  ]),
  playbook('a pause that is asked for during the handshake begins with reading', () => [
    ['pause', 'record paused'],
    ['handshake-done', 'attach', 'pause-reading'],
    ['resume', 'record resumed', 'resume-reading'],
  ]),
  playbook('framing may change during the handshake', () => [
    [
      { kind: 'reframe', framing: { kind: 'delimiter', delimiter: '0a' }, badFrame: undefined },
      'describe',
      'record reframed',
    ],
    [resynchronise],
    ['handshake-done', 'attach'],
    [read('a\nb'), 'read 3', 'received "a\\n"', 'respond', 'arm overdue-check 1000'],
  ]),
  playbook('a handshake that fails ends the connection, with the failure as its cause', () => [
    [send('hello')],
    [handshakeFailed, 'destroy', 'settle 0 incomplete', 'record failed ECONNRESET', 'record closed reset-by-peer'],
    ['handshake-done'],
    [handshakeFailed],
  ]),
  playbook('a close during the handshake aborts it and ends at once; its failure says nothing then', () => [
    [close(), 'abort-handshake', 'destroy', 'record closed local'],
    [handshakeFailed],
  ]),
  playbook('a close during a handshake that our FIN waits for ends at once, too', () => [
    ['shutdown'],
    [close('stopped'), 'abort-handshake', 'destroy', 'record closed stopped'],
    ['handshake-done'],
  ]),
  playbook('a reset during the handshake aborts it and ends at once', () => [
    ['reset', 'reset-both', 'abort-handshake', 'destroy', 'record closed reset-by-us'],
    [noted],
  ]),
  playbook(
    'silence during the handshake counts from its start',
    () => [
      ['start', 'arm idle-check 300'],
      [300],
      [
        'idle-check',
        'record limited firstByteMs',
        'raise close',
        'abort-handshake',
        'destroy',
        'record closed timeout',
      ],
    ],
    { limits: { firstByteMs: 300 } },
  ),
];
