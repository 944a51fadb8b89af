// Writes the JSON Schemas of a workspace's documents to resources/schemas: node tools/document-schemas.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { documentKinds, schemaFiles } from '../src/shared/document/catalogue.ts';
import { lessonKind } from '../src/shared/document/kinds/lesson.ts';
import { schemaFileOf } from '../src/shared/document/yaml-kind.ts';

const folder = new URL('../resources/schemas/', import.meta.url);

/** Returns the text of each schema by the name of its file: of the documents of a workspace, and of lessons. */
export function schemaTexts(): Map<string, string> {
  const kinds = schemaFiles.map(({ kind, file }) => {
    return { kind, file, schema: documentKinds.find((one) => one.kind === kind)?.schema };
  });
  const all = [...kinds, { ...lessonKind, file: schemaFileOf(lessonKind.kind) }];
  return new Map(
    all.map(({ kind, file, schema = z.never() }) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
      return [file, `${JSON.stringify({ $schema, title: kind, ...rest }, undefined, 2)}\n`];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of schemaTexts()) writeFileSync(new URL(file, folder), text);
}
