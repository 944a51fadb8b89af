import { useEffect, useState } from 'react';
import { maxProblems } from '#shared/payload/problem.ts';
import { closeDialog, type DialogState } from '../../state/dialogs.ts';
import { draftOf } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { classes } from '../../ui/text.ts';
import styles from './document-dialogs.module.css';
import { documentStrings } from './document-strings.ts';
import type { QueryAnswer } from './document-task.ts';
import { applyConversion } from './payload-commands.ts';
import { runBeside } from './payload-threads.ts';
import { goTo } from './written-payload.ts';

const texts = documentStrings.query;

type ConvertedState = Extract<DialogState, { kind: 'convert-payload' }>;

/** Lists what a conversion would lose, before it replaces the payload. */
export function ConvertDialog({ conversion }: { readonly conversion: ConvertedState }) {
  const services = useServices();
  const { convertDialog } = documentStrings;
  const close = () => closeDialog(services.dialogs);
  const convert = () => {
    close();
    applyConversion(services, conversion);
  };
  return (
    <Dialog
      title={convertDialog.title(conversion.to)}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{convertDialog.cancel}</Button>
          <Button variant="primary" onClick={convert}>
            {convertDialog.convert}
          </Button>
        </>
      }
    >
      <p>{convertDialog.intro}</p>
      <ul className={styles.losses}>
        {conversion.losses.map(({ kind, message, line, count }) => (
          <li key={kind}>
            {message} <span className={styles.faint}>({convertDialog.place(line, count)})</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** A query is started after a pause in typing. */
const pauseMs = 150;
/** A query that takes longer is ended. */
const maxMs = 5_000;

type Shown = QueryAnswer | { readonly kind: 'idle' | 'running' | 'broken' } | { readonly kind: 'limit'; limit: 'time' };

/** Returns the answer to a query on a document; a thread finds it, which is ended after `maxMs`. */
function useQuery(format: 'json' | 'xml', text: string, query: string): Shown {
  const [shown, setShown] = useState<Shown>({ kind: 'idle' });
  useEffect(() => {
    if (query.trim() === '') return setShown({ kind: 'idle' });
    let end = () => {};
    let limit: ReturnType<typeof setTimeout> | undefined;
    const timer = setTimeout(() => {
      setShown({ kind: 'running' });
      const answered = (answer: Shown) => {
        clearTimeout(limit);
        setShown(answer);
      };
      const task = { kind: 'query', format, text, query } as const;
      end = runBeside<QueryAnswer>(task, answered, () => answered({ kind: 'broken' }));
      limit = setTimeout(() => {
        end();
        setShown({ kind: 'limit', limit: 'time' });
      }, maxMs);
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      clearTimeout(limit);
      end();
    };
  }, [format, text, query]);
  return shown;
}

/** Finds values in the payload of a tab by XPath or JSON path. Selecting a result moves the cursor of the editor there. */
export function QueryDialog({ tab }: { readonly tab: string }) {
  const services = useServices();
  const { dialogs, drafts } = services;
  const [{ format, text }] = useState(() => draftOf(drafts.getState(), tab));
  const [query, setQuery] = useState('');
  const isXml = format === 'xml';
  const shown = useQuery(isXml ? 'xml' : 'json', text, query);
  const close = () => closeDialog(dialogs);
  const select = (place: { readonly line: number; readonly column: number }) => {
    close();
    goTo(services, tab, place);
  };
  return (
    <Dialog
      title={isXml ? texts.xpath : texts.jsonPath}
      onClose={close}
      className={styles.query}
      actions={<Button onClick={close}>{texts.close}</Button>}
    >
      <TextField
        label={isXml ? texts.xpathLabel : texts.jsonPathLabel}
        help={isXml ? texts.xpathHelp : texts.jsonPathHelp}
        mono
        autoFocus
        value={query}
        error={errorOf(shown)}
        onChange={setQuery}
      />
      <output className={styles.faint}>{statusOf(shown)}</output>
      {shown.kind === 'found' ? <Matches matches={shown.matches} onSelect={select} /> : null}
    </Dialog>
  );
}

function errorOf(shown: Shown): string | undefined {
  if (shown.kind === 'failed') return texts.failed(shown.reason);
  if (shown.kind === 'limit') return texts.limits[shown.limit];
  if (shown.kind === 'broken') return texts.broken;
  if (shown.kind !== 'invalid-document') return undefined;
  const { line, column, ...rest } = shown.problem;
  return texts.invalid(line, column, 'reason' in rest ? rest.reason : rest.message);
}

function statusOf(shown: Shown): string {
  if (shown.kind === 'running') return texts.running;
  return shown.kind === 'found' ? texts.found(shown.matches.length, shown.isCut) : '';
}

type Match = Extract<QueryAnswer, { kind: 'found' }>['matches'][number];

interface MatchesProps {
  readonly matches: readonly Match[];
  readonly onSelect: (place: { readonly line: number; readonly column: number }) => void;
}

/** The first results with their lines, paths and values. */
function Matches({ matches, onSelect }: MatchesProps) {
  if (matches.length === 0) return null;
  return (
    <ul className={styles.matches} aria-label={texts.results}>
      {matches.slice(0, maxProblems).map(({ path, text, place }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: computed values have no place and may be equal
        <li key={index}>
          <button
            type="button"
            className={styles.match}
            disabled={place === undefined}
            onClick={() => place && onSelect(place)}
          >
            <span className={styles.faint}>{place ? `${place.line}:${place.column}` : ''}</span>
            <span className={styles.value}>{text.slice(0, 200)}</span>
            <span className={classes(styles.value, styles.faint)}>{path}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
