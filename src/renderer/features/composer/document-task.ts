import { convertDocument } from '#shared/payload/convert.ts';
import { queryJson } from '#shared/payload/json-query.ts';
import { queryXml } from '#shared/payload/xpath.ts';

/*
 * The work on whole documents that takes long or loads large libraries: the thread of `document-worker.ts` does it.
 */

/** What the thread is asked to do. */
export type DocumentTask =
  | { readonly kind: 'convert'; readonly text: string; readonly from: Convertible; readonly to: Convertible }
  | { readonly kind: 'query'; readonly text: string; readonly format: 'json' | 'xml'; readonly query: string };
type Convertible = Parameters<typeof convertDocument>[1];

export type Conversion = ReturnType<typeof convertDocument>;
export type QueryAnswer = ReturnType<typeof queryJson> | ReturnType<typeof queryXml>;

/** Converts a document, or finds the values of a query in it. */
export function runTask(task: DocumentTask): Conversion | QueryAnswer {
  if (task.kind === 'convert') return convertDocument(task.text, task.from, task.to);
  return task.format === 'json' ? queryJson(task.text, task.query) : queryXml(task.text, task.query);
}
