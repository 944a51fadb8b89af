import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StraceCalls, type StraceEvent } from '#shared/calls/strace-calls.ts';

const errnoOf = (name: string) => (name === 'ECONNREFUSED' ? 111 : 0);
const newCalls = () => new StraceCalls({ maxBytes: 8, offsetNs: 0, errnoOf });

/** Returns what happened as text: `ended 7 connect 3 -1`. */
function texts(events: readonly StraceEvent[]): string[] {
  return events.map(({ process, event }) => {
    if (event.kind !== 'started' && event.kind !== 'ended') return `${event.kind} ${process.pid}`;
    const { call, start, end, socket } = event.call;
    const result = end === undefined ? [] : [end.errno || end.result, new TextDecoder().decode(end.data)];
    return [
      event.kind,
      process.pid,
      call,
      start.descriptor,
      socket?.local || '-',
      start.amount,
      start.detail,
      ...result,
    ]
      .join(' ')
      .trim();
  });
}

const after = (lines: readonly string[]) => {
  const calls = newCalls();
  return texts(lines.flatMap((line) => calls.take(line)));
};

test('a call that ends at once is a start and an end, with its address and error', () => {
  const address =
    '{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("\\x31\\x30\\x2e\\x30\\x2e\\x30\\x2e\\x31")}';
  expect(
    after([`7 100.000001 connect(3<TCP:[123]>, ${address}, 16) = -1 ECONNREFUSED (Connection refused) <0.000100>`]),
  ).toEqual(['started 7 connect 3 - 0 10.0.0.1:80', 'ended 7 connect 3 - 0 10.0.0.1:80 111']);
});

test('a call that another thread interrupts is joined, and belongs to the process of its thread', () => {
  const lines = [
    '7 100.000001 clone3({flags=CLONE_VM|CLONE_THREAD, child_tid=0x1} <unfinished ...>',
    '8 100.000002 recvfrom(5<TCP:[127.0.0.1:1->127.0.0.1:2]>,  <unfinished ...>',
    '7 100.000003 <... clone3 resumed> => {parent_tid=[8]}, 88) = 8 <0.000010>',
    '8 100.000004 <... recvfrom resumed>"\\x68\\x69", 100, 0, NULL, NULL) = 2 <0.000010>',
    '8 100.000005 +++ exited with 0 +++',
    '7 100.000006 +++ killed by SIGKILL +++',
  ];
  expect(after(lines)).toEqual(['started 7 recv 5 127.0.0.1:1 0', 'ended 7 recv 5 127.0.0.1:1 100  2 hi', 'exited 7']);
});

test('a call is reported once, from the first part of its line', () => {
  const calls = newCalls();
  const line = '7 100.000001 accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = 4<TCP:[127.0.0.1:80->127.0.0.1:9]> <1.000000>';
  expect(calls.takePart(line.slice(0, 20))).toEqual([]);
  expect(texts(calls.takePart(line.slice(0, 41)))).toEqual(['started 7 accept 3 127.0.0.1:80 0']);
  expect(texts(calls.take(line))).toEqual(['ended 7 accept 3 127.0.0.1:80 0  4']);
});

test('calls on other descriptors, signals, and calls that the end of the process cut off are left out', () => {
  const lines = [
    '7 1.000000 read(3</\\x65>, "\\x61", 1) = 1 <0.000001>',
    '7 1.000001 --- SIGCHLD {si_signo=SIGCHLD} ---',
    '7 1.000002 socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 3<NETLINK:[1]> <0.000001>',
  ];
  expect(after(lines)).toEqual([]);
  expect(after(['7 1.000000 accept(3<TCP:[127.0.0.1:80]>, NULL, NULL) = ?'])).toEqual([
    'started 7 accept 3 127.0.0.1:80 0',
  ]);
});

test('any text is read without an exception, and of a payload at most the maximum is kept', () => {
  const parts = [
    '7 1.000000 ',
    'send',
    'sendto(',
    '4<TCP:[1:2->3:4]>',
    ', ',
    '"\\x61',
    '"',
    '= 5',
    ')',
    ' <unfinished ...>',
    '<... sendto resumed>',
    'iov_base=',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...parts), fc.string()), { maxLength: 12 }), (pieces) => {
      const calls = newCalls();
      calls.takePart(pieces.join(''));
      calls.take(pieces.join(''));
    }),
  );
  const payload = '\\x61'.repeat(20);
  expect(after([`7 1.000000 write(4<TCP:[1.1.1.1:2->3.3.3.3:4]>, "${payload}", 20) = 20 <0.000001>`])[1]).toBe(
    'ended 7 write 4 1.1.1.1:2 20  20 aaaaaaaa',
  );
});
