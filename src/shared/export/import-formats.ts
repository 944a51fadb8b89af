/** Every format that can be imported into a session: its name, and the extensions of its files. Its reader is in src/main/session/convert/import/formats. */
const formats = [
  { kind: 'pcapng', label: 'Capture (pcapng)', holds: 'it is a pcapng capture', extensions: ['pcapng'] },
  { kind: 'pcap', label: 'Capture (pcap)', holds: 'it is a pcap capture', extensions: ['pcap', 'cap'] },
  { kind: 'jsonl', label: 'JSON Lines', holds: 'it contains JSON Lines', extensions: ['jsonl', 'ndjson'] },
] as const;

export type ImportKind = (typeof formats)[number]['kind'];

interface ImportFormat {
  readonly kind: ImportKind;
  readonly label: string;
  /** What such a file is, as the reason why it cannot be opened as a session. */
  readonly holds: string;
  /** Without a dot; a compressed file has `gz` instead. */
  readonly extensions: readonly string[];
}

export const importFormats: readonly ImportFormat[] = formats;

/** The extension of a compressed file. */
export const compressedExtension = 'gz';
