/** `raw` is the bytes of the streams: of one socket and direction as they are, else a tar archive of them. */
export const saveFormats = ['wirebench', 'jsonl', 'csv', 'text', 'html', 'raw', 'pcapng', 'sqlite', 'parquet'] as const;
export type SaveFormat = (typeof saveFormats)[number];
