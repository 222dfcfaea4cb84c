import React, { useEffect, useMemo } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Field, FieldSet, Input, Stack, Switch, useStyles2 } from '@grafana/ui';
import {
  saidOf,
  listed,
  type Component,
  type ComponentSettings,
  type EstateSettings,
  type Kind,
} from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import { discoveryOf } from '../../estate/discoveryOf';
import type { Discovery } from '../../estate/Discovery';
import { isEmpty, UNKNOWN_HOME } from '../../estate/home';
import { useEstate } from '../../estate/useEstate';
import { withSaid } from '../../estate/withSaid';
import type { Settings } from '../../grafana/settings';
import { packsOn, type PackLibrary } from '../../packs/library';
import { kindWords } from '../../view/components';
import { testIds } from '../testIds';
import { CopyEstate } from './CopyEstate';
import { EstateNotices } from './EstateNotices';
import { FIELD_WIDTH } from './fieldWidth';
import { KindValues } from './KindValues';
import type { EstateDraft } from './useEstateDraft';

const now = () => Date.now();

interface Props {
  /** As they are stored: what is found is asked with them. */
  stored: Settings;
  sources: Sources;
  library: PackLibrary | undefined;
  kinds: readonly Kind[] | undefined;
  draft: EstateDraft;
  onChange: (estate: EstateSettings) => void;
}

/** What packs declare, what was found beside them, and what is said of it: whose it is, what it is called, what it depends on. */
export function Components({ stored, sources, library, kinds, draft, onChange }: Props) {
  const { home, estate, clash } = draft;
  const discovery = useMemo(() => {
    const given = library && kinds && home && { packs: packsOn(library, home.estate), kinds, home };
    return given && discoveryOf({ ...given, sources, settings: stored, clock: now });
  }, [library, kinds, home, sources, stored]);
  return discovery && home ? (
    <FieldSet label="Components">
      <EstateNotices home={home} clash={clash} onTake={onChange} />
      <Found discovery={discovery} estate={estate} isFixed={home.failure !== undefined} onChange={onChange} />
      {estate !== undefined && !isEmpty(estate) && <CopyEstate estate={estate} />}
    </FieldSet>
  ) : null;
}

interface FoundProps {
  discovery: Discovery;
  /** Undefined while it is not known what people said. */
  estate: EstateSettings | undefined;
  /** It is shown, and cannot be changed now. */
  isFixed: boolean;
  onChange: (estate: EstateSettings) => void;
}

function Found({ discovery, estate, isFixed, onChange }: FoundProps) {
  const styles = useStyles2(getStyles);
  const found = useEstate(discovery);
  useEffect(() => {
    const controller = new AbortController();
    void discovery.askTargets(controller.signal);
    return () => controller.abort();
  }, [discovery]);
  const all = [...found.estate.components, ...found.estate.hidden];
  const change = (id: string, next: ComponentSettings) =>
    onChange({ ...estate, components: withSaid(estate?.components ?? {}, id, next, found.estate.aliases) });
  return (
    <fieldset data-testid={testIds.config.components} className={styles.list} disabled={isFixed}>
      {found.unread
        .filter(({ what }) => what !== UNKNOWN_HOME)
        .map(({ what, detail, mend }) => (
          <p key={what}>
            Not known: {what}. {detail}. {mend}
          </p>
        ))}
      {all.length === 0 && found.unread.length === 0 && (
        <p>{found.known ? 'Beside the packs no component was found.' : 'Asking Prometheus what there is…'}</p>
      )}
      {all.map((component) => (
        <Entry
          key={component.id}
          component={component}
          said={saidOf(component.id, estate?.components ?? {}, found.estate.aliases)}
          discovery={discovery}
          onChange={(next) => change(component.id, next)}
        />
      ))}
    </fieldset>
  );
}

interface EntryProps {
  component: Component;
  said: ComponentSettings;
  discovery: Discovery;
  onChange: (said: ComponentSettings) => void;
}

function Entry({ component, said, discovery, onChange }: EntryProps) {
  const styles = useStyles2(getStyles);
  const { id, title, kinds, declaredBy = [] } = component;
  const unseen = (component.unseen ?? []).map((kind) => discovery.kinds.get(kind)?.title ?? kind);
  const identity = kinds.flatMap(({ is }) => Object.entries(is).map(([label, value]) => `${label}="${value}"`));
  return (
    <details data-testid={testIds.config.component(id)} data-hidden={said.hide === true}>
      <summary>
        {said.title ?? title}{' '}
        <span className={styles.weak}>
          {[
            ...kindWords(component, discovery.kinds),
            ...new Set(identity),
            ...declaredBy.map((pack) => `declared by ${pack.title}`),
            unseen.length > 0 ? `not found: ${listed(unseen)}` : '',
            said.hide ? 'hidden' : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </summary>
      <Stack direction="column" gap={1}>
        {declaredBy.length > 0 ? (
          <span className={styles.weak}>
            Declared by {listed(declaredBy.map((pack) => pack.title))}: it is yours. A name and values that are set here
            stand over those of the pack.
          </span>
        ) : (
          <Field label="Ours" description="Adopted: it keeps its id, and is missed when its series are gone.">
            <Switch
              id={`lr-adopt-${id}`}
              value={said.adopt === true}
              data-testid={testIds.config.adopt(id)}
              onChange={() => onChange(said.adopt ? withoutAdoption(said) : { ...said, adopt: true, kinds })}
            />
          </Field>
        )}
        <Field label="Hidden" description="Neither shown nor evaluated.">
          <Switch
            id={`lr-hide-${id}`}
            value={said.hide === true}
            data-testid={testIds.config.hide(id)}
            onChange={() => onChange({ ...said, hide: said.hide === true ? undefined : true })}
          />
        </Field>
        <Field label="Name">
          <Input
            id={`lr-title-${id}`}
            width={FIELD_WIDTH}
            value={said.title ?? ''}
            placeholder={title}
            data-testid={testIds.config.componentTitle(id)}
            onChange={(event) => onChange({ ...said, title: event.currentTarget.value || undefined })}
          />
        </Field>
        <Field
          label="Depends on"
          description="Ids of components, separated by commas; calls that were measured are known."
        >
          <Input
            id={`lr-depends-on-${id}`}
            width={FIELD_WIDTH}
            defaultValue={(said.dependsOn ?? []).join(', ')}
            data-testid={testIds.config.dependsOn(id)}
            onChange={(event) => onChange({ ...said, dependsOn: listOf(event.currentTarget.value) })}
          />
        </Field>
        <KindValues component={component} kinds={discovery.kinds} said={said} onChange={onChange} />
        <span className={styles.weak}>Id: {id}</span>
      </Stack>
    </details>
  );
}

function withoutAdoption({ adopt: _adopt, kinds: _kinds, ...rest }: ComponentSettings): ComponentSettings {
  return rest;
}

function listOf(text: string): readonly string[] | undefined {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean);
  return ids.length > 0 ? ids : undefined;
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'grid', gap: theme.spacing(1), justifyItems: 'start', marginTop: theme.spacing(1) }),
  weak: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
});
