import React from 'react';
import { PageFrame } from '../../components/PageFrame';
import { Runbooks } from './Runbooks';

/** `/runbooks`: all runbooks, with search. */
export function RunbooksPage() {
  return (
    <PageFrame subTitle="All runbooks">
      <Runbooks />
    </PageFrame>
  );
}
