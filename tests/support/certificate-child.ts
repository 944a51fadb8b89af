// A process that asks for the certificate of the folder it is given, and reports to its parent what it got.
import { CertificateStore } from '#engine/drivers/tls/certificates.ts';

const made = await new CertificateStore(process.argv[2]).own();
if (!made.ok) throw new Error(made.error.system);
process.send?.(made.value, () => process.disconnect());
