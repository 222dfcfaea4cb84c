import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { IconButton, Input, Modal, useStyles2 } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { usePluginMeta } from '../chrome/PluginContext';
import { appEntry } from '../chrome/navigation';
import { useLinks } from './useLinks';

interface Entry {
  section: string;
  title: string;
  description?: string;
  run?: () => void;
}

/** Ctrl+K: the plugin's pages and what it adds to Grafana's command palette. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
        event.preventDefault();
        setOpen(true);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <IconButton name="search" size="lg" tooltip="Search or jump to… (ctrl+k)" onClick={() => setOpen(true)} />
      {open && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const [search, setSearch] = useState('');
  const meta = usePluginMeta();
  const added = useLinks('grafana/commandpalette/action').map(({ category, title, description, onClick }): Entry => ({
    section: category ?? 'Extensions',
    title,
    description,
    run: onClick,
  }));
  const pages = (appEntry(meta, config.bootData.user)?.children ?? []).map(({ text, url = '/' }): Entry => ({
    section: 'Pages',
    title: text,
    run: () => locationService.push(url),
  }));
  const words = search.toLowerCase().trim();
  const found = [...added, ...pages].filter(({ title }) => title.toLowerCase().includes(words));
  return (
    <Modal isOpen title="Search or jump to…" onDismiss={onClose}>
      <Input
        autoFocus
        aria-label="Search or jump to"
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <ul className={styles.list} aria-label="Found">
        {found.map(({ section, title, description, run }) => (
          <li key={`${section} ${title}`}>
            <button
              type="button"
              className={styles.entry}
              title={description}
              onClick={() => {
                onClose();
                run?.();
              }}
            >
              <span className={styles.section}>{section}</span> {title}
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', marginTop: theme.spacing(2) }),
  entry: css({
    all: 'unset',
    boxSizing: 'border-box',
    width: '100%',
    cursor: 'pointer',
    padding: theme.spacing(1),
    '&:hover, &:focus-visible': { background: theme.colors.action.hover },
  }),
  section: css({ color: theme.colors.text.secondary, marginRight: theme.spacing(1) }),
});
