import React, { type ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router-dom';
import type { IconName } from '@grafana/data';
import { LinkButton, type ButtonVariant } from '@grafana/ui';

interface Props {
  to: string;
  children: ReactNode;
  icon?: IconName;
  variant?: ButtonVariant;
  size?: 'sm' | 'md';
  'aria-label'?: string;
  'data-testid'?: string;
}

/** A link inside Grafana that looks like a button. */
export function ButtonLink({ to, ...props }: Props) {
  const href = useHref(to);
  const onClick = useLinkClickHandler<HTMLAnchorElement & HTMLButtonElement>(to);
  return <LinkButton href={href} onClick={onClick} {...props} />;
}
