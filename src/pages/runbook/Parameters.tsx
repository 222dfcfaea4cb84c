import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { BoundPack, Runbook } from '@live-runbooks/engine';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import type { PageUrl } from '../../url/pageUrl';
import { usedParams } from '../../view/params';
import { Parameter } from './Parameter';

interface Props {
  bound: BoundPack;
  runbook: Runbook;
  url: PageUrl;
  configured: Readonly<Record<string, string>>;
  onChange: (params: Readonly<Record<string, string>>) => void;
}

/** What the queries and commands of this page are filled with, where each value comes from, and a way to change it. */
export function Parameters({ bound, runbook, url, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const names = usedParams(bound, runbook);
  if (names.length === 0) {
    return null;
  }
  return (
    <Section title="Parameters" data-testid={testIds.runbook.parameters}>
      <div className={styles.list}>
        {names.map((name) => (
          <Parameter
            key={name}
            name={name}
            bound={bound}
            given={url.params[name]}
            onChange={(value) => {
              const { [name]: _old, ...rest } = url.params;
              onChange(value === '' ? rest : { ...rest, [name]: value });
            }}
          />
        ))}
      </div>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ list: css({ display: 'grid', gap: theme.spacing(1) }) });
