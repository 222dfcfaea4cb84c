import React from 'react';
import { PageFrame } from '../../components/PageFrame';
export function RunbookPage() {
  return <PageFrame>…</PageFrame>;
}
