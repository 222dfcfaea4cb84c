import React, { type ReactElement } from 'react';
import { MemoryRouter, Route, Routes, useLocation } from 'react-router-dom';
import { render } from '@testing-library/react';
import type { Kind, Pack } from '@live-runbooks/engine';
import { NO_PACKS, type Sources } from '@live-runbooks/sources';
import { LiveRunbooksProvider } from '../context/LiveRunbooks';
import { discoveryOf } from '../estate/discoveryOf';
import { withConflicts } from '../packs/conflicts';
import { libraryOf, packsOn, type FromService } from '../packs/library';
import { homeOf, type EstateHome } from '../estate/home';
import type { Settings } from '../grafana/settings';
import { testPack } from './pack';
import { NOW } from './readings';

interface Given {
  sources: Sources;
  url?: string;
  /** Route of the page, when it reads parameters of the path. */
  path?: string;
  packs?: readonly Pack[];
  /** What is known of the service's packs; none unless given. */
  served?: FromService;
  /** None unless given: then nothing is discovered. */
  kinds?: readonly Kind[];
  settings?: Settings;
  mayConfigure?: boolean;
  /** Of the estate; the settings unless given. */
  home?: EstateHome;
}

const inSettings = ({ estate }: Settings) => homeOf(estate, { answer: { kind: 'none' } });

const clock = () => NOW;

/** Renders a page of the app with sources that a test provides; `location()` is the URL as the page left it. */
export function renderPage(page: ReactElement, given: Given) {
  const { sources, kinds = [], served = { served: NO_PACKS } } = given;
  const library = libraryOf(given.packs ?? [testPack()], served, new Map(kinds.map((kind) => [kind.id, kind])));
  const settings = given.settings ?? { prometheusUid: 'prometheus', lokiUid: 'loki', refreshSeconds: 0 };
  const home = given.home ?? inSettings(settings);
  const packs = packsOn(library, home.estate);
  const discovery = discoveryOf({ packs, kinds, sources, settings, clock, home });
  const value = {
    ...{ packs, sources, discovery, settings, clock, requestsBefore: 0 },
    library: withConflicts(library, discovery.declared),
    mayConfigure: given.mayConfigure ?? true,
  };
  let location = '';
  function Spy() {
    const { pathname, search, hash } = useLocation();
    location = pathname + search + hash;
    return null;
  }
  const result = render(
    <LiveRunbooksProvider value={value}>
      <MemoryRouter initialEntries={[given.url ?? '/']}>
        <Spy />
        <Routes>
          <Route path={given.path ?? '*'} element={page} />
        </Routes>
      </MemoryRouter>
    </LiveRunbooksProvider>
  );
  return { ...result, location: () => location };
}
