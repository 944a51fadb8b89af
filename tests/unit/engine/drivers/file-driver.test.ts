import { expect, it } from 'vitest';
import type { Driver } from '#engine/drivers/driver.ts';
import { findingFiles } from '#engine/drivers/file-driver.ts';
import type { TlsOptions } from '#shared/endpoint/endpoint-config.ts';
import { type ClientConfig, createConfig } from '#shared/endpoint/endpoint-config.ts';
import { fail, ok } from '#shared/failure.ts';
import { lookUpErrno } from '#shared/socket/errno.ts';

const unused = () => Promise.reject(new Error('the test did not expect this call'));

/** A driver that notes the configurations that it was given. */
function noting() {
  const given: ClientConfig[] = [];
  const driver: Driver = {
    listen: unused,
    prepare: async (config) => {
      given.push(config);
      return undefined;
    },
    connect: async (config) => {
      given.push(config);
      return { call: 'connect', errno: 'ECONNREFUSED' };
    },
  };
  return { driver, given };
}

const client = (tls: Partial<TlsOptions>) => createConfig('client', 'tls', { tls });
const options = {
  address: { host: '127.0.0.1', port: 1, family: 4 as const },
  signal: AbortSignal.abort(),
  accepted: () => {},
};

it('gives the driver paths, of one configuration always the same object, and leaves the configuration as it is', async () => {
  const { driver, given } = noting();
  const finding = findingFiles(driver, (reference) => ok(`/found/${reference}`));
  const config = client({ certificate: 'a', key: 'b' });
  await finding.prepare?.(config);
  await finding.connect(config, options);
  expect(given).toMatchObject([{ tls: { certificate: '/found/a', key: '/found/b', ca: '' } }, {}]);
  expect(given[1]).toBe(given[0]);
  expect(config.tls).toMatchObject({ certificate: 'a', key: 'b' });
});

it('fails in words where a file is not found, does not ask the driver, and finds it later', async () => {
  const { driver, given } = noting();
  let known = false;
  const finding = findingFiles(driver, () => (known ? ok('/ca') : fail('not-found', 'Could not read “ca.pem”')));
  const config = client({ ca: 'x' });
  const failure = await finding.connect(config, options);
  expect(failure).toMatchObject({ call: 'open', errno: 'ERR_FILE_NOT_CHOSEN', text: 'Could not read “ca.pem”' });
  expect(lookUpErrno('ERR_FILE_NOT_CHOSEN').hint).toBe('Select the file again.');
  expect(given).toEqual([]);
  known = true;
  expect(await finding.prepare?.(config)).toBeUndefined();
  expect(given).toMatchObject([{ tls: { ca: '/ca' } }]);
});
