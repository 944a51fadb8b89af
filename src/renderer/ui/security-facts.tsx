import { shortText } from '#shared/bytes/clusters.ts';
import type { CertificateInfo } from '#shared/socket/certificate.ts';
import type { SocketEvent } from '#shared/socket/event.ts';
import styles from './security-facts.module.css';
import { countOf, shownText } from './text.ts';

const day = 86_400_000;
/** A certificate may name thousands of hosts. */
const maxValue = 4_096;

function dateText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10);
}

function validText({ validFrom, validTo }: CertificateInfo): string {
  const now = Date.now();
  const span = `${dateText(validFrom)} to ${dateText(validTo)}`;
  if (validTo < now) return `${span}: expired`;
  if (validFrom > now) return `${span}: not valid yet`;
  return `${span}, ${countOf(Math.floor((validTo - now) / day), 'day left', 'days left')}`;
}

/** A table of the negotiated TLS parameters and of the peer's certificates. */
export function SecurityFacts({ event }: { readonly event: Extract<SocketEvent, { kind: 'secured' }> }) {
  const { protocol, cipher, alpn, serverName, trust, chain } = event;
  // A self-signed certificate may be listed twice.
  const certificates = [...new Map(chain.map((certificate) => [certificate.fingerprint, certificate])).values()];
  const facts: readonly (readonly [string, string])[] = [
    ['Protocol', protocol],
    ['Cipher', cipher],
    ['ALPN', alpn === '' ? 'none negotiated' : alpn],
    ['Server name', serverName === '' ? 'none requested' : serverName],
    ['Trust', trust],
  ];
  return (
    <div className={styles.facts}>
      <Facts label="TLS" facts={facts} />
      {chain.length === 0 ? <p>The peer sent no certificate.</p> : null}
      {certificates.map((certificate, index) => (
        <section key={certificate.fingerprint} aria-label={titleOf(index)}>
          <h4 className={styles.title}>{titleOf(index)}</h4>
          <Facts
            label={titleOf(index)}
            facts={[
              ['Subject', certificate.subject],
              ['Issuer', certificate.issuer],
              ['Names', certificate.names.length === 0 ? 'none' : certificate.names.join(', ')],
              ['Valid', validText(certificate)],
              ['SHA-256', certificate.fingerprint],
            ]}
          />
        </section>
      ))}
    </div>
  );
}

function titleOf(index: number): string {
  return index === 0 ? 'Peer certificate' : `Issuer certificate ${index}`;
}

function Facts({ label, facts }: { readonly label: string; readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <table className={styles.table} aria-label={label}>
      <tbody>
        {facts.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{shortText(shownText(value), maxValue)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
