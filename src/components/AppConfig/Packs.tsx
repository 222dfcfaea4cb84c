import React from 'react';
import { bind, isEstate, type EstateSettings, type Pack } from '@live-runbooks/engine';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, FieldSet, Input, Switch, useStyles2 } from '@grafana/ui';
import { isOff, originWords, type PackLibrary } from '../../packs/library';
import { count } from '../../words/amounts';
import { Banner } from '../Banner';
import { PackProblems } from '../PackProblems';
import { testIds } from '../testIds';
import type { ConfigForm } from './form';
import type { EstateDraft } from './useEstateDraft';

interface Props {
  form: ConfigForm;
  draft: EstateDraft;
  library: PackLibrary | undefined;
  /** Why there is none. */
  error: string | undefined;
  onRetry: () => void;
  onChange: (change: Partial<ConfigForm>) => void;
  onEstate: (estate: EstateSettings) => void;
}

const WIDTH = 60;

/** Each pack, where it comes from, and its parameters: what a link or an alert does not give, and where its default does not fit. */
export function Packs({ form, draft, library, error, onRetry, onChange, onEstate }: Props) {
  const styles = useStyles2(getStyles);
  if (error) {
    return (
      <Banner title="The packs could not be loaded, so their parameters are not shown" onRetry={onRetry}>
        {error}
      </Banner>
    );
  }
  return (
    <FieldSet label="Packs">
      {library && (
        <div className={styles.problems}>
          <PackProblems library={library} />
        </div>
      )}
      {library?.known.map(({ pack, origin }) => (
        <details key={pack.id} className={styles.pack} data-testid={testIds.config.pack(pack.id)}>
          <summary className={styles.title}>
            {pack.title}
            <span className={styles.note}>
              {[
                ...(isOff(pack.id, draft.estate) ? ['off'] : []),
                originWords(origin),
                note(form.params[pack.id], pack),
              ].join(' · ')}
            </span>
          </summary>
          <Field label="Evaluated" description="Off: neither asked nor judged anywhere, and listed as off.">
            <Switch
              id={`lr-pack-on-${pack.id}`}
              value={!isOff(pack.id, draft.estate)}
              disabled={draft.estate === undefined || draft.home?.failure !== undefined}
              data-testid={testIds.config.packOn(pack.id)}
              onChange={(event) => onEstate(withPack(draft.estate ?? {}, pack.id, !event.currentTarget.checked))}
            />
          </Field>
          {isEstate(pack) ? (
            <p>What its components are called and their values are set under Components.</p>
          ) : (
            <PackFields
              pack={pack}
              values={form.params[pack.id] ?? {}}
              onChange={(values) => onChange({ params: { ...form.params, [pack.id]: values } })}
            />
          )}
        </details>
      ))}
    </FieldSet>
  );
}

/** Of a pack that is on nothing is stored. */
function withPack({ packs = {}, ...estate }: EstateSettings, pack: string, off: boolean): EstateSettings {
  const { [pack]: _pack, ...others } = packs;
  const next = off ? { ...others, [pack]: { off } } : others;
  return Object.keys(next).length > 0 ? { ...estate, packs: next } : estate;
}

function note(values: Readonly<Record<string, string>> | undefined, pack: Pack): string {
  if (isEstate(pack)) {
    return count(pack.components?.length ?? 0, 'component');
  }
  const set = Object.values(values ?? {}).filter((v) => v.trim() !== '').length;
  return `${set} of ${count(Object.keys(pack.params).length, 'parameter')} changed`;
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
  problems: css({ display: 'grid', gap: theme.spacing(1), '&:not(:empty)': { marginBottom: theme.spacing(2) } }),
  pack: css({ marginBottom: theme.spacing(2), '&[open] > summary': { marginBottom: theme.spacing(2) } }),
  title: css({ ...theme.typography.h5, cursor: 'pointer' }),
  note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, marginLeft: theme.spacing(1) }),
});
