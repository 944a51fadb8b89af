import { useEffect, useState } from 'react';
import type { EndpointForm, FormErrors } from '../../client/endpoint-form.ts';
import { useServices } from '../../client/use-services.ts';
import { AreaField, SelectField, TextField } from '../../ui/field.tsx';

interface ServerOptionsProps {
  readonly form: EndpointForm;
  readonly errors: FormErrors;
  readonly change: (next: Partial<EndpointForm>) => void;
}

const behaviours = [
  { value: 'reply', label: 'Reply with a text' },
  { value: 'echo', label: 'Echo: send back what came' },
  { value: 'reply-file', label: 'Reply with a file or sample' },
  { value: 'silent', label: 'Silent: only receive' },
] as const;

const own = 'own file';

/** What a server has and a client has not: how it answers, and its backlog. */
export function ServerOptions({ form, errors, change }: ServerOptionsProps) {
  const { client } = useServices();
  const [samples, setSamples] = useState<readonly string[]>([]);
  useEffect(() => {
    void client.call('samples.list', {}).then((result) => {
      if (result.ok) setSamples(result.value.map(({ name }) => name));
    });
  }, [client]);
  const sample = samples.find((name) => form.replyPath === `sample:${name}`);
  const files = [...samples.map((name) => ({ value: name, label: name })), { value: own, label: 'A file of mine' }];

  return (
    <>
      <SelectField
        label="Behaviour"
        value={form.behaviour}
        options={behaviours}
        help="What the server does with each message that recv() gives it."
        onChange={(behaviour) => change({ behaviour })}
      />
      {form.behaviour === 'reply' ? (
        <AreaField
          label="Reply"
          value={form.replyText}
          error={errors.replyText}
          onChange={(replyText) => change({ replyText })}
        />
      ) : null}
      {form.behaviour === 'reply-file' ? (
        <>
          <SelectField
            label="File"
            value={sample ?? own}
            options={files}
            help="Read anew for each reply, so that it can be edited meanwhile."
            onChange={(name) => change({ replyPath: name === own ? '' : `sample:${name}` })}
          />
          {sample === undefined ? (
            <TextField
              label="Path"
              mono
              value={form.replyPath}
              error={errors.replyPath}
              placeholder="/home/me/data.json"
              onChange={(replyPath) => change({ replyPath })}
            />
          ) : null}
        </>
      ) : null}
      <TextField
        label="Backlog"
        mono
        value={form.backlog}
        error={errors.backlog}
        help="The argument of listen(): how many connections may wait to be accepted."
        onChange={(backlog) => change({ backlog })}
      />
    </>
  );
}
