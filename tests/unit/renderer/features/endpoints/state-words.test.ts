import { describe, expect, test } from 'vitest';
import type { SystemOption } from '#shared/contract/models.ts';
import { createConfig } from '#shared/endpoint/endpoint-config.ts';
import { stateDetail } from '../../../../../src/renderer/features/endpoints/endpoint-state.tsx';
import { unsettableOptions } from '../../../../../src/renderer/features/endpoints/options-panel.tsx';
import { clientView, endpointView } from '../../fake-services.ts';

describe('the state line', () => {
  test('says why an endpoint is closed', () => {
    const gone = clientView('c', { state: 'closed', ended: { cause: 'peer' } });
    expect(stateDetail(gone, 'client', undefined, 0)).toBe('by the peer (FIN)');
    const refused = clientView('c', {
      state: 'failed',
      ended: { cause: 'failed', errno: 'ECONNREFUSED', call: 'connect' },
    });
    expect(stateDetail(refused, 'client', undefined, 0)).toBe('in connect(): ECONNREFUSED');
    const stopped = endpointView('s', { state: 'closed', ended: { cause: 'local' } });
    expect(stateDetail(stopped, 'server', undefined, 0)).toBe('locally');
  });

  test('names no FIN where the transport has none', () => {
    const config = createConfig('client', 'udp');
    const gone = clientView('c', { config, state: 'closed', ended: { cause: 'peer' } });
    expect(stateDetail(gone, 'client', undefined, 0)).toBe('by the peer');
  });
});

describe('what cannot be set', () => {
  const system: SystemOption[] = [
    { name: 'backlog', value: '5', unavailable: '' },
    { name: 'SO_LINGER', value: 'off', unavailable: 'no call', over: ['tcp', 'tls'] },
    { name: 'exclusive', value: 'on', unavailable: 'no cluster' },
  ];
  const settable = new Set(['backlog']);
  const names = (transport: 'tcp' | 'udp' | 'local', search = '') =>
    unsettableOptions(system, { settable, transport, search }).map(({ name }) => name);

  test('is told only where the transport has it', () => {
    expect(names('tcp')).toEqual(['SO_LINGER', 'exclusive']);
    expect(names('udp')).toEqual(['exclusive']);
    expect(names('local', 'linger')).toEqual([]);
    expect(names('tcp', 'linger')).toEqual(['SO_LINGER']);
  });
});
