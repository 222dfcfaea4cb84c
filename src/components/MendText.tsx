import React from 'react';
import { css } from '@emotion/css';
import { CONFIGURATION_PAGE } from '@live-runbooks/sources';
import { configurationUrl } from '../url/links';
import { PageLink } from './PageLink';

/** Among other words, colour alone does not tell a link. */
const inText = css({ textDecoration: 'underline' });

/** How to mend something, where the words for the app's configuration are a link to it. */
export function MendText({ text }: { text: string }) {
  const parts = text.split(CONFIGURATION_PAGE);
  return (
    <>
      {parts.map((part, i) => (
        <React.Fragment key={i}>
          {i > 0 && (
            <PageLink to={configurationUrl()} className={inText}>
              {CONFIGURATION_PAGE}
            </PageLink>
          )}
          {part}
        </React.Fragment>
      ))}
    </>
  );
}
