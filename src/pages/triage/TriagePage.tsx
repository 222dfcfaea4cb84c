import React, { useMemo } from 'react';
import { PageFrame } from '../../components/PageFrame';
import { Triage } from './Triage';

/** `/triage`: what is wrong now, across all runbooks. */
export function TriagePage() {
  const subTitle = useMemo(() => 'What is wrong, why, and what could not be checked', []);
  return (
    <PageFrame subTitle={subTitle}>
      <Triage />
    </PageFrame>
  );
}
