import React from 'react';
import { bind, type Pack } from '@live-runbooks/engine';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, Input, useStyles2 } from '@grafana/ui';
import { usePacks } from '../../packs/usePacks';
import { Banner } from '../Banner';
import { testIds } from '../testIds';
import type { ConfigForm } from './form';

interface Props {
  form: ConfigForm;
  onChange: (change: Partial<ConfigForm>) => void;
}

const WIDTH = 60;

/** The parameters of each pack: what a link or an alert does not give, and where the pack's default does not fit. */
export function PackParameters({ form, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const { packs, error, retry } = usePacks();
  if (error) {
    return (
      <Banner title="The packs could not be loaded, so their parameters are not shown" onRetry={retry}>
        {error}
      </Banner>
    );
  }
  return (
    <>
      {packs?.map((pack) => (
        <details key={pack.id} className={styles.pack}>
          <summary className={styles.title}>
            Parameters of {pack.title}
            <span className={styles.note}>{note(form.params[pack.id], pack)}</span>
          </summary>
          <PackFields
            pack={pack}
            values={form.params[pack.id] ?? {}}
            onChange={(values) => onChange({ params: { ...form.params, [pack.id]: values } })}
          />
        </details>
      ))}
    </>
  );
}

function note(values: Readonly<Record<string, string>> | undefined, pack: Pack): string {
  const set = Object.values(values ?? {}).filter((v) => v.trim() !== '').length;
  return `${set} of ${Object.keys(pack.params).length} changed`;
}

interface PackFieldsProps {
  pack: Pack;
  values: Readonly<Record<string, string>>;
  onChange: (values: Readonly<Record<string, string>>) => void;
}

function PackFields({ pack, values, onChange }: PackFieldsProps) {
  const { problems } = bind(pack, { configured: values });
  return (
    <>
      {Object.entries(pack.params).map(([name, param]) => {
        // A missing value may still come from a link or an alert: only a value that does not fit is wrong here.
        const problem = problems[name]?.code === 'refused' ? problems[name] : undefined;
        return (
          <Field
            key={name}
            label={param.title}
            description={name}
            invalid={problem !== undefined}
            error={problem && `${problem.message} ${problem.mend}`}
          >
            <Input
              id={`lr-${pack.id}-${name}`}
              width={WIDTH}
              value={values[name] ?? ''}
              placeholder={param.default ?? ''}
              data-testid={testIds.config.parameter(pack.id, name)}
              onChange={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
            />
          </Field>
        );
      })}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pack: css({ marginBottom: theme.spacing(2), '&[open] > summary': { marginBottom: theme.spacing(2) } }),
  title: css({ ...theme.typography.h5, cursor: 'pointer' }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, marginLeft: theme.spacing(1) }),
});
