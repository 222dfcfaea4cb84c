import React, { useMemo, useState } from 'react';
import { isFetchError } from '@grafana/runtime';
import type { AppPluginMeta, PluginConfigPageProps } from '@grafana/data';
import { Button, FieldSet, Stack } from '@grafana/ui';
import { declaredEstate, type EstateSettings } from '@live-runbooks/engine';
import type { SourceHealth } from '@live-runbooks/sources';
import { mayConfigure } from '../../grafana/permissions';
import { currentSettings, saveSettings } from '../../grafana/savedSettings';
import type { Settings } from '../../grafana/settings';
import { withConflicts } from '../../packs/conflicts';
import { packsOn } from '../../packs/library';
import { usePackLibrary } from '../../packs/usePackLibrary';
import { Banner } from '../Banner';
import { AppBoundary } from '../Boundary/AppBoundary';
import { testIds } from '../testIds';
import { Components } from './Components';
import { formOf, problemsOf, settingsOf, type ConfigForm } from './form';
import { Packs } from './Packs';
import { ServiceFields } from './ServiceFields';
import { SourceFields } from './SourceFields';
import { storedSources } from './storedSources';
import { TestResult } from './TestResult';
import { useEstateDraft } from './useEstateDraft';

export type AppConfigProps = PluginConfigPageProps<AppPluginMeta<Settings>>;

/** `/plugins/<id>?page=configuration`: where to ask, with what, and whether it works. */
function AppConfig({ plugin }: AppConfigProps) {
  if (!mayConfigure()) {
    return (
      <div data-testid={testIds.config.forbidden}>
        <Banner severity="info" title="Only an admin of this organisation may change the configuration">
          Ask one of them to set the address and token of the diagnostics service and the data sources here.
        </Banner>
      </div>
    );
  }
  return (
    <AppBoundary>
      <Form meta={plugin.meta} />
    </AppBoundary>
  );
}

type Busy = 'saving' | 'testing';

function Form({ meta }: { meta: AppConfigProps['plugin']['meta'] }) {
  const [stored, setStored] = useState(() => currentSettings(meta.jsonData ?? {}));
  const [form, setForm] = useState<ConfigForm>(() => formOf(stored, Boolean(meta.secureJsonFields?.diagnosticsToken)));
  const [busy, setBusy] = useState<Busy>();
  const [error, setError] = useState<string>();
  const [saved, setSaved] = useState(false);
  const [health, setHealth] = useState<readonly SourceHealth[]>();
  const [tokens, setTokens] = useState(0);
  const { diagnosticsUrl, prometheusUid, lokiUid } = stored;
  // Whoever refused the token before is asked again with the new one.
  const sources = useMemo(
    () => ({ ...storedSources({ diagnosticsUrl, prometheusUid, lokiUid }), tokens }),
    [diagnosticsUrl, prometheusUid, lokiUid, tokens]
  );
  const draft = useEstateDraft(sources, stored.estate);
  const { library, kinds, error: unloaded, retry } = usePackLibrary(sources);
  // What packs say differently is known of those that are on.
  const shown = useMemo(() => {
    const byId = kinds && new Map(kinds.map((kind) => [kind.id, kind]));
    return library && byId && withConflicts(library, declaredEstate(packsOn(library, draft.estate), byId));
  }, [library, kinds, draft.estate]);
  const problems = problemsOf(form);
  const valid = Object.keys(problems).length === 0;

  const change = (next: Partial<ConfigForm>) => {
    setForm((current) => ({ ...current, ...next }));
    setSaved(false);
  };
  const changeEstate = (estate: EstateSettings) => {
    draft.change(estate);
    setSaved(false);
  };
  const test = async (settings: Settings) => {
    setBusy('testing');
    setHealth(undefined);
    setHealth(await storedSources(settings).health());
    setBusy(undefined);
  };
  const save = async () => {
    setBusy('saving');
    setError(undefined);
    const isMoving = settingsOf(form).diagnosticsUrl !== stored.diagnosticsUrl;
    const settings = withEstate(settingsOf(form), draft.inSettings(isMoving));
    const common = { enabled: true, pinned: meta.pinned ?? true };
    let now = settings;
    try {
      await saveSettings({ settings, token: form.token ? form.token : undefined, ...common });
      // Another service is read first: what it keeps is not written over by what was read elsewhere.
      const kept = isMoving ? undefined : await draft.write();
      if (kept?.kind === 'written' && draft.isMoved) {
        now = withEstate(settings, undefined);
        await saveSettings({ settings: now, ...common });
      }
      if (kept?.kind === 'failure') {
        setError(`The estate was not saved: ${kept.detail}. ${kept.mend}`);
      }
      setSaved(kept?.kind !== 'failure' && kept?.kind !== 'clash');
    } catch (e) {
      setError(explain(e));
      setBusy(undefined);
      return;
    }
    if (isMoving) {
      draft.done();
    }
    setTokens((n) => n + Number(Boolean(form.token)));
    setStored(now);
    setForm(formOf(now, form.token === undefined || form.token !== ''));
    await test(now);
  };

  return (
    <form
      data-testid={testIds.config.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) {
          void save();
        }
      }}
    >
      <FieldSet label="Diagnostics service">
        <ServiceFields form={form} problem={problems.url} onChange={change} />
      </FieldSet>
      <FieldSet label="Data sources">
        <SourceFields form={form} problem={problems.refresh} onChange={change} />
      </FieldSet>
      <Packs
        {...{ form, draft, library: shown }}
        error={unloaded}
        onRetry={retry}
        onChange={change}
        onEstate={changeEstate}
      />
      <Components {...{ stored, sources, library, kinds, draft }} onChange={changeEstate} />
      {error && (
        <Banner title="The configuration was not saved" onRetry={() => void save()}>
          {error}
        </Banner>
      )}
      <Stack direction="row" gap={1} alignItems="center">
        <Button type="submit" disabled={!valid || busy !== undefined} data-testid={testIds.config.save}>
          {busy === 'saving' ? 'Saving…' : 'Save and test'}
        </Button>
        <Button
          variant="secondary"
          disabled={busy !== undefined}
          onClick={() => void test(stored)}
          data-testid={testIds.config.test}
        >
          {busy === 'testing' ? 'Testing…' : 'Test connection'}
        </Button>
        {saved && (
          <span role="status" data-testid={testIds.config.saved}>
            Saved.
          </span>
        )}
      </Stack>
      {health && <TestResult health={health} />}
    </form>
  );
}

function withEstate({ estate: _estate, ...settings }: Settings, estate: EstateSettings | undefined): Settings {
  return estate === undefined ? settings : { ...settings, estate };
}

function explain(error: unknown): string {
  if (!isFetchError(error)) {
    return error instanceof Error ? error.message : String(error);
  }
  const message: unknown = error.data?.message;
  const said = typeof message === 'string' && message ? message : error.statusText || 'without an explanation';
  return error.status === 403
    ? `Grafana refuses: only an admin may change it (403: ${said}).`
    : `Grafana answered ${error.status}: ${said}.`;
}

export default AppConfig;
