import { csv } from './csv.ts';
import { html } from './html.ts';
import { jsonl } from './jsonl.ts';
import { parquet } from './parquet.ts';
import { pcapng } from './pcapng.ts';
import { raw } from './raw.ts';
import { sqlite } from './sqlite.ts';
import { text } from './text.ts';
import { wirebench } from './wirebench.ts';

/** Every format in which a session can be exported, in the order of the dialog, the command line's help and docs/exports.md. */
export const formats = [wirebench, pcapng, jsonl, csv, text, html, raw, sqlite, parquet] as const;
