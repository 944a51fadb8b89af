import { toHex } from '../../bytes/hex.ts';
import { showControls } from '../../bytes/text.ts';
import { byteCount } from '../../bytes/units.ts';
import { propertyWords } from '../../record/received-checksum.ts';
import { isoMicros, isProblem, type Row, type SocketInfo } from '../../record/record.ts';
import type { RecordFormat } from '../record-format.ts';
import type { ExportFormat } from './export-format.ts';

export const html = {
  name: 'html',
  label: 'HTML report',
  help: 'Self-contained web page, for sharing',
  extension: 'html',
  holds: 'the first 100 000 records, as a page',
  readers: 'any browser',
  isBinary: false,
} as const satisfies ExportFormat;

/** The maximum records of a report, which a browser can still scroll. */
export const maxReportRecords = 100_000;
/** The maximum bytes of a message that are shown. */
export const maxReportBodyBytes = 4_096;
const maxReportSockets = 1_000;

interface ReportCounts {
  readonly records: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly problems: number;
  /** Times of the first and the last record, milliseconds since the epoch; 0 without records. */
  readonly firstAt: number;
  readonly lastAt: number;
}

interface ReportAbout {
  readonly name: string;
  readonly appVersion: string;
  /** What was chosen of the session; empty for all of it. */
  readonly scope: string;
  readonly counts: ReportCounts;
  readonly sockets: readonly SocketInfo[];
}

/**
 * Records as one HTML page that needs nothing else: no script, no request, and a policy that forbids them. All that was
 * recorded is there as text; control characters and those that turn the direction of writing are shown.
 */
export function htmlFormat(about: ReportAbout): RecordFormat {
  return {
    header: header(about),
    footer: '</table></main></body></html>\n',
    maxBodyBytes: maxReportBodyBytes,
    begin(row, length, isText, socket) {
      const { style, what, size } = kindCells(row.kind, length);
      const words = propertyWords(row);
      const flags = words.length === 0 ? '' : ` <i>${words.join(', ')}</i>`;
      const peer = shown(socket?.peer || socket?.name || '');
      const cells = `<td>${row.seq}<td>${isoMicros(row.at)}<td>${row.socket}<td>${peer}<td>${what}${flags}`;
      return `<tr class=${style}>${cells}<td>${size}<td>${markText(row.mark)}<pre>${isText ? '' : '<i>hex</i> '}`;
    },
    text: shown,
    bytes: (piece) => toHex(piece, ' '),
    shortened: (bytes, length) => `… <i>the first ${byteCount(bytes)} of ${byteCount(length)}</i>`,
    end: () => '</pre>\n',
  };
}

/** The style of a row of this kind, and the cells that depend on it. */
function kindCells(kind: Row['kind'], length: number): { style: string; what: string; size: number | '' } {
  if (kind === 'in') return { style: kind, what: 'in ←', size: length };
  if (kind === 'out') return { style: kind, what: 'out →', size: length };
  return { style: isProblem(kind) ? 'problem' : 'event', what: kind, size: '' };
}

function markText(of: Row['mark']): string {
  const { bookmarked = false, note = '' } = of ?? {};
  const mark = (bookmarked ? '<b>★ bookmarked</b> ' : '') + (note === '' ? '' : `<q>${shown(note)}</q>`);
  return mark && `<p>${mark}</p>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** `text` for a page: nothing in it is markup, and nothing hides. Lines break where they did. */
function shown(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (char) => entities[char] ?? '');
  return showControls(escaped).replaceAll('␊', '␊\n');
}

function header({ name, appVersion, scope, counts, sockets }: ReportAbout): string {
  const { records, messagesIn, messagesOut, bytesIn, bytesOut, problems, firstAt, lastAt } = counts;
  const rows: [string, string][] = [
    ['recorded', records === 0 ? 'nothing' : `${isoMicros(firstAt)} to ${isoMicros(lastAt)}`],
    ['records', String(records)],
    ['received', `${messagesIn} messages, ${byteCount(bytesIn)}`],
    ['sent', `${messagesOut} messages, ${byteCount(bytesOut)}`],
    ['problems', String(problems)],
    ['sockets', String(sockets.length)],
  ];
  if (scope !== '') rows.push(['selection', shown(scope)]);
  if (records > maxReportRecords) rows.push(['shown', `the first ${maxReportRecords} of ${records} records`]);
  const summary = rows.map(([what, value]) => `<tr><th>${what}<td>${value}`).join('\n');
  const title = shown(name || 'Session');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="generator" content="Wirebench ${shown(appVersion)}">
<title>${title}</title>
<style>${styles}</style></head>
<body><main><h1>${title}</h1>
<table class=about>
${summary}
</table>
<details><summary>Sockets</summary><table>
<tr><th>socket<th>name<th>role<th>transport<th>local<th>peer<th>framing
${sockets.slice(0, maxReportSockets).map(socketRow).join('\n')}
</table>${sockets.length > maxReportSockets ? `<p>and ${sockets.length - maxReportSockets} more</p>` : ''}</details>
<h2>Records</h2>
<table class=records>
<thead><tr><th>#<th>time (UTC)<th>socket<th>peer<th>what<th>bytes<th>message</thead>
`;
}

function socketRow({ id, name, role, transport, local, peer, framing }: SocketInfo): string {
  return `<tr>${[String(id), name, role, transport, local, peer, framing].map((cell) => `<td>${shown(cell)}`).join('')}`;
}

const styles = `
:root{color-scheme:light dark;--fg:#1c1e21;--bg:#fff;--line:#d8dbe0;--in:#0b5c8a;--out:#7a4a00;--bad:#a3122b;--quiet:#5c6470}
@media(prefers-color-scheme:dark){:root{--fg:#e3e6ea;--bg:#16181c;--line:#353a42;--in:#7cc4f0;--out:#e8b469;--bad:#ff8b9a;--quiet:#9aa3af}}
body{margin:0;background:var(--bg);color:var(--fg);font:14px/1.4 system-ui,sans-serif}
main{padding:16px 24px}
h1{font-size:20px}h2{font-size:16px}
table{border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:2px 12px 2px 0;font-variant-numeric:tabular-nums}
th{color:var(--quiet);font-weight:600}
.records{width:100%}
.records td{border-top:1px solid var(--line);white-space:nowrap}
.records td:last-child{width:60%;white-space:normal}
pre{margin:0;font:12px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
p{margin:0}q{font-style:italic}
.in td:nth-child(5),.in pre{color:var(--in)}
.out td:nth-child(5),.out pre{color:var(--out)}
.event{color:var(--quiet)}
.problem{color:var(--bad)}
i{color:var(--quiet);font-style:normal}
details{margin:8px 0}
@media print{main{padding:0}.records td{break-inside:avoid}thead{display:table-header-group}}
`;
