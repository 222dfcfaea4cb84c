import React, { useMemo } from 'react';
import { css } from '@emotion/css';
import { useSearchParams } from 'react-router-dom';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, FilterInput, useStyles2 } from '@grafana/ui';
import { isEstate } from '@live-runbooks/engine';
import { PackProblems } from '../../components/PackProblems';
import { PageLink } from '../../components/PageLink';
import { Section } from '../../components/Section';
import { testIds } from '../../components/testIds';
import { useLiveRunbooks } from '../../context/LiveRunbooks';
import { runbookAddress } from '../../estate/runbookAddress';
import { originWords } from '../../packs/library';
import { triageUrl } from '../../url/links';
import { searchRunbooks } from '../../view/catalogue';
import { count } from '../../words/amounts';
import { RunbookEntry } from './RunbookEntry';

/** No pack has the id of a component. */
const NO_ALIASES = { aliases: {} };

/** The catalogue. The search is in the URL (`q`). */
export function Runbooks() {
  const styles = useStyles2(getStyles);
  const { packs, library, discovery } = useLiveRunbooks();
  const [search, setSearch] = useSearchParams();
  const words = search.get('q') ?? '';
  const found = useMemo(
    () =>
      searchRunbooks(
        library.known.map(({ pack }) => pack),
        words
      ),
    [library, words]
  );
  const onSearch = (text: string) =>
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        if (text) {
          next.set('q', text);
        } else {
          next.delete('q');
        }
        return next;
      },
      { replace: true }
    );
  return (
    <div className={styles.page} data-testid={testIds.runbooks.page}>
      <div className={styles.search} data-testid={testIds.runbooks.search}>
        <FilterInput
          placeholder="Search titles, causes, alerts and section ids"
          aria-label="Search runbooks"
          value={words}
          onChange={onSearch}
          escapeRegex={false}
        />
      </div>
      <PackProblems library={library} />
      {library.known.map(({ pack, origin }) => {
        const entries = found.filter((e) => e.pack === pack);
        const isOff = !packs.includes(pack);
        return (
          (entries.length > 0 || (isEstate(pack) && words === '')) && (
            <Section
              key={pack.id}
              title={pack.title}
              note={[
                count(entries.length, 'runbook'),
                ...(isEstate(pack) ? [count(pack.components?.length ?? 0, 'component')] : []),
                originWords(origin),
                ...(isOff ? ['off: evaluated nowhere, see Configuration'] : []),
              ].join(' · ')}
              data-testid={testIds.runbooks.pack(pack.id)}
            >
              {isEstate(pack) && !isOff && (
                <p>
                  Its components have the runbooks of their kinds too:{' '}
                  <PageLink to={triageUrl({ pack: pack.id })}>{pack.title} on Triage</PageLink>
                </p>
              )}
              {entries.length > 0 && (
                <ul className={styles.list}>
                  {entries.map((entry) => (
                    <RunbookEntry
                      key={entry.runbook.id}
                      entry={entry}
                      at={runbookAddress(
                        { pack: pack.id, runbook: entry.runbook.id },
                        packs,
                        discovery.declared,
                        NO_ALIASES
                      )}
                      origin={origin}
                      isOff={isOff}
                    />
                  ))}
                </ul>
              )}
            </Section>
          )
        );
      })}
      {found.length === 0 && words !== '' && (
        <div data-testid={testIds.runbooks.empty}>
          No runbook mentions “{words}”.{' '}
          <Button fill="text" size="sm" onClick={() => onSearch('')}>
            Clear the search
          </Button>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ display: 'grid', gap: theme.spacing(2.5), maxWidth: 1120 }),
  search: css({ maxWidth: 480 }),
  list: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    '> li + li': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
});
