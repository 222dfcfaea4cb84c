import React from 'react';
import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { RowsTable } from './RowsTable';

it('shows hidden characters of a cell and of a column as what they are, as commands and sentences do', () => {
  render(<RowsTable caption="Roots" rows={[{ query: 'DROP \u202eTABLE\u001b[2J', 'na\u200bme': 'api' }]} />);
  expect(screen.getByRole('cell', { name: 'DROP \\u202eTABLE\\u001b[2J' })).toBeInTheDocument();
  expect(screen.getByRole('columnheader', { name: 'na\\u200bme' })).toBeInTheDocument();
});

it('says the class of an availability check in words, and leaves data of the estate as it is', () => {
  render(<RowsTable caption="Facts" rows={[{ class: 'no-permission', policy: 'allkeys-lru' }]} />);
  expect(screen.getByRole('cell', { name: 'the user lacks a permission' })).toBeInTheDocument();
  expect(screen.getByRole('cell', { name: 'allkeys-lru' })).toBeInTheDocument();
});
