import { Play, Plus, Square, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand/react';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import type { EndpointView } from '#shared/contract/models.ts';
import { isPlainText, type Transport } from '#shared/socket/transports.ts';
import { titleOf } from '../../state/endpoint-form.ts';
import { useLive, useServices, useWorkspace } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { classes, shownText } from '../../ui/text.ts';
import { numberOf, StepTable } from './list-steps.tsx';
import {
  changeList,
  createLists,
  type EditedList,
  endListJob,
  followFile,
  jobOfList,
  listName,
  loadList,
  newStep,
  runList,
  saveList,
  targetsOf,
} from './list-store.ts';
import styles from './lists.module.css';
import { strings } from './strings.ts';

const texts = strings.page;

/** The editor of a send list, with Run, and the progress while it runs. */
export function ListPage({ path }: { readonly path: string }) {
  const services = useServices();
  const lists = services.own(createLists);
  const list = useStore(lists, ({ byPath }) => byPath[path]);
  const failure = useStore(lists, ({ failures }) => failures[path]);
  const version = useWorkspace(({ documents }) => documents.get(path)?.version);
  const job = useLive((live) => jobOfList(live, path));
  const plainTransport = useLive(({ endpoints }) => plainTransportOf(endpoints.get(job?.endpoint ?? '')));
  useEffect(() => {
    if (!services.own(createLists).getState().byPath[path]) void loadList(services, path);
    else if (version !== undefined) followFile(services, path, version);
  }, [services, path, version]);
  if (failure && !list) return <FailureBox failure={failure} />;
  if (!list) return <Empty title={texts.loading} />;
  const { steps } = list.value;
  const transport = job?.usesSecret ? plainTransport : undefined;
  return (
    <section className={styles.page} aria-label={texts.label(listName(path))}>
      <ListBar path={path} list={list} job={job} />
      {list.conflict ? (
        <div className={styles.conflict} role="alert">
          {texts.conflict}
          <Button small onClick={() => void saveList(services, path, { anyway: true })}>
            {texts.keepMine}
          </Button>
          <Button small onClick={() => void loadList(services, path, { anyway: true })}>
            {texts.takeTheirs}
          </Button>
        </div>
      ) : null}
      {transport ? (
        <div className={styles.conflict} role="status">
          <TriangleAlert size={14} aria-hidden /> {texts.secret(transport)}
        </div>
      ) : null}
      {job?.error ? <FailureBox failure={job.error} onDismiss={() => void endListJob(services, job)} /> : null}
      <div className={styles.steps}>
        {steps.length === 0 ? (
          <Empty title={texts.empty}>{texts.emptyHelp}</Empty>
        ) : (
          <StepTable
            steps={steps}
            current={job?.state === 'running' || job?.state === 'failed' ? job.step : undefined}
            onChange={(next) => changeList(services, path, { steps: next })}
          />
        )}
        <Button onClick={() => changeList(services, path, { steps: [...steps, newStep] })}>
          <Plus size={14} aria-hidden /> {texts.addStep}
        </Button>
      </div>
    </section>
  );
}

/** Returns the transport of an endpoint if anyone on the network path can read what is sent. */
function plainTransportOf(endpoint: EndpointView | undefined): Transport | undefined {
  const transport = endpoint?.config.transport;
  return transport !== undefined && isPlainText(transport) ? transport : undefined;
}

interface ListBarProps {
  readonly path: string;
  readonly list: EditedList;
  readonly job: JobView<'list'> | undefined;
}

/** The name, the target, and what holds for the whole list; Run or Stop. */
function ListBar({ path, list, job }: ListBarProps) {
  const services = useServices();
  const lists = services.own(createLists);
  const endpoints = useLive((live) => live.endpoints);
  const sockets = useLive((live) => live.sockets);
  const targets = useMemo(() => targetsOf({ endpoints, sockets }), [endpoints, sockets]);
  const selected = useStore(lists, ({ target }) => target);
  const target = targets.find(({ view }) => view.id === selected) ?? targets[0];
  const documents = useWorkspace((state) => state.documents);
  const files = useMemo(() => [...documents.keys()].filter((at) => /^lists\/.*\.(?:csv|jsonl)$/.test(at)), [documents]);
  const { loop, rows = '', steps } = list.value;
  const isRunning = job?.state === 'running';
  return (
    <div className={styles.bar}>
      <h2 className={styles.listName}>{shownText(listName(path))}</h2>
      {list.changed ? <span className={styles.state}>{texts.changed}</span> : null}
      <SelectField
        row
        className={styles.setting}
        label={texts.target}
        value={target?.view.id ?? ''}
        options={
          targets.length === 0
            ? [{ value: '', label: texts.noTarget }]
            : targets.map(({ view }) => ({ value: view.id, label: Object.values(titleOf(view)).join(' ') }))
        }
        onChange={(id) => lists.setState({ target: id })}
      />
      <TextField
        row
        mono
        className={classes(styles.setting, styles.number)}
        label={texts.loop}
        title={texts.loopHelp}
        inputMode="numeric"
        value={String(loop)}
        onChange={(text) => changeList(services, path, { loop: numberOf(text, 0, 1_000_000_000) })}
      />
      <SelectField
        row
        className={styles.setting}
        label={texts.rows}
        title={texts.rowsHelp}
        value={rows}
        options={[...new Set(['', rows, ...files])].map((value) => ({ value, label: value || texts.noRows }))}
        onChange={(next) => changeList(services, path, { rows: next === '' ? undefined : next })}
      />
      {job ? <Progress job={job} /> : null}
      <span className={styles.spacer} />
      <Button disabled={!list.changed} onClick={() => void saveList(services, path)}>
        {texts.save}
      </Button>
      {isRunning ? (
        <Button onClick={() => void endListJob(services, job)}>
          <Square size={13} aria-hidden /> {texts.stop}
        </Button>
      ) : (
        <Button
          variant="primary"
          disabled={!target || !steps.some(({ enabled }) => enabled)}
          onClick={() => void runList(services, path)}
        >
          <Play size={13} aria-hidden /> {texts.run}
        </Button>
      )}
    </div>
  );
}

/** What a list has sent so far, or before it ended. */
function Progress({ job }: { readonly job: JobView<'list'> }) {
  const { state, sent, replies, failed, row, loop, loops } = job;
  const { progress } = strings;
  const parts = [
    progress.states[state],
    progress.run(loop, loops),
    progress.row(row),
    progress.sent(sent),
    progress.replies(replies),
    progress.failed(failed),
  ];
  return <output className={styles.progress}>{parts.filter(Boolean).join(', ')}</output>;
}
