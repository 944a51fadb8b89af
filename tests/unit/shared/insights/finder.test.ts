import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InsightFinder } from '#shared/insights/finder.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import { withInsights } from '../../../../tools/insight-table.ts';

const page = readFileSync(new URL('../../../../docs/insights.md', import.meta.url), 'utf8');

const info: SocketInfo = {
  id: 1,
  role: 'accepted',
  transport: 'tcp',
  endpoint: 'program-7',
  name: 'server.py (7)',
  program: 'server.py (7)',
  local: '127.0.0.1:9',
  peer: '127.0.0.1:8',
  framing: 'raw',
};

function recv(result: number, durationMs = 0): SocketEvent {
  return { kind: 'call', name: 'recv', args: '100', origin: 'observed', startAt: 0, durationMs, result };
}

/** Passes events of socket 1 to a finder, one a millisecond. */
function examine(events: readonly SocketEvent[], sockets = new Map([[1, info]])): InsightFinder {
  const finder = new InsightFinder();
  finder.know(sockets);
  for (const [seq, event] of events.entries()) {
    const bytes = () => new Uint8Array(0);
    finder.take({ seq, at: seq, socket: 1, offset: 0, length: 0, flags: 0, event, bytes }, event.kind);
  }
  finder.finish();
  return finder;
}

describe('InsightFinder', () => {
  test('reports an insight once for a socket, with its records', () => {
    const { insights } = examine([recv(5), recv(0), recv(0), recv(0), recv(0), recv(0)]);
    expect(insights).toMatchObject([{ id: 'recv-after-end', socket: 1, severity: 'error', evidence: [1, 2, 3] }]);
    expect(insights[0]?.sentence).toContain('server.py (7)');
  });

  test('does not count reads that bytes have come between', () => {
    expect(examine([recv(0), recv(0), recv(1), recv(0), recv(0)]).insights).toEqual([]);
  });

  test('ignores the records of a socket that is not described', () => {
    expect(examine([recv(0), recv(0), recv(0)], new Map()).insights).toEqual([]);
  });

  test('has the same insights after a second look at the same records', () => {
    const finder = examine([recv(0), recv(0), recv(0)]);
    finder.finish();
    expect(finder.insights).toHaveLength(1);
  });
});

describe('docs/insights.md', () => {
  test('has what the catalogue gives (node tools/insight-table.ts writes it)', () => {
    expect(withInsights(page)).toBe(page);
  });
});
