import { metaPathOf } from '#shared/document/kinds/payload.ts';
import { changeDraft, type Draft, draftOf, formFields } from './drafts.ts';
import { load } from './payload-documents.ts';
import { mergedForm } from './payload-meta.ts';
import type { Services } from './services.ts';

/*
 * Changes of payloads that do not come from the tab that shows them: by other programs, other windows and other tabs.
 */

/**
 * Follows the documents of the payloads that tabs show: a changed file is loaded where there are no unsaved changes; where there are, the
 * user decides. Tabs with the same document share its text. Returns a function that ends it.
 */
export function followPayloads(services: Services): () => void {
  const stops = [
    services.workspace.subscribe((state, before) => {
      const isSwitch = before.view !== undefined && state.view?.id !== before.view.id;
      if (!isSwitch && state.documents !== before.documents) void compareAll(services);
    }),
    services.drafts.subscribe((state, before) => shareTexts(services, state.byTab, before.byTab)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

async function compareAll(services: Services): Promise<void> {
  const { drafts, workspace } = services;
  const { documents } = workspace.getState();
  for (const [tab, draft] of Object.entries(drafts.getState().byTab)) {
    const { document, version, conflict } = draft;
    if (document === undefined) continue;
    const found = documents.get(document);
    if (!found) changeDraft(drafts, tab, { conflict: { theirs: undefined } });
    else if (found.version === version) {
      if (conflict) changeDraft(drafts, tab, { conflict: undefined });
      const metaVersion = documents.get(metaPathOf(document))?.version ?? 'new';
      if (metaVersion !== draft.metaVersion) await reload(services, tab, document);
    } else if (found.version !== '' && found.version !== conflict?.theirs?.version)
      await reload(services, tab, document);
  }
}

const changedMeta = 'The settings of this payload were also changed on disk. Saving replaces them with yours.';

async function reload(services: Services, tab: string, path: string): Promise<void> {
  const { drafts } = services;
  const loaded = await load(services, path);
  const draft = draftOf(drafts.getState(), tab);
  if (draft.document !== path || !loaded.ok) return;
  const { bytes, text, format, version, savedForm, metaVersion, notice } = loaded.value;
  if (version === draft.version && metaVersion === draft.metaVersion) return;
  const isTextChanged = draft.saved === undefined ? draft.changed : draft.text !== draft.saved;
  if (isTextChanged && text !== draft.text && version !== draft.version) {
    changeDraft(drafts, tab, { conflict: { theirs: { version, bytes, format, text } } });
    return;
  }
  const { form, isConflict } = mergedForm(draft, savedForm);
  const replaced = isTextChanged ? {} : { text, format, revision: draft.revision + 1 };
  const state = { saved: text, savedForm, metaVersion, version, notice: isConflict ? changedMeta : notice };
  changeDraft(drafts, tab, { ...replaced, ...form, ...state, conflict: undefined });
}

/** The fields that tabs with the same document have in common. */
const sharedFields = [
  ...(['text', 'format', 'saved', 'savedForm', 'metaVersion', 'version', 'conflict'] as const),
  ...formFields,
] as const;

function shareTexts(
  { drafts }: Services,
  now: Readonly<Record<string, Draft>>,
  before: Readonly<Record<string, Draft>>,
) {
  for (const [tab, draft] of Object.entries(now)) {
    const { document, text, notice, changed } = draft;
    if (document === undefined || draft === before[tab] || before[tab]?.document !== document) continue;
    const shared = Object.fromEntries(sharedFields.map((field) => [field, draft[field]]));
    for (const [other, its] of Object.entries(now)) {
      if (other === tab || its.document !== document) continue;
      if (sharedFields.every((field) => its[field] === draft[field])) continue;
      const revision = its.text === text ? its.revision : its.revision + 1;
      changeDraft(drafts, other, { ...shared, notice, changed, revision });
    }
  }
}
