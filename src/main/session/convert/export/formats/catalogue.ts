import type { SaveFormat } from '#shared/export/export-formats.ts';
import type { ExportWriter } from '../saving.ts';
import { html } from './html.ts';
import { parquet } from './parquet.ts';
import { pcapng } from './pcapng.ts';
import { raw } from './raw.ts';
import { sqlite } from './sqlite.ts';
import { csv, jsonl, text } from './text.ts';
import { wirebench } from './wirebench.ts';

/** The writer of each export format. */
export const exportWriters: Readonly<Record<SaveFormat, ExportWriter>> = {
  wirebench,
  pcapng,
  jsonl,
  csv,
  text,
  html,
  raw,
  sqlite,
  parquet,
};
