/**
 * Stands in for `react/jsx-runtime`, which Grafana offers to plugins only from 12.3 on.
 * Works with React 18 and 19, because both keep `createElement` and `Fragment`.
 */
import { createElement, Fragment, type Attributes, type ElementType, type Key, type ReactElement } from 'react';

type Props = Record<string, unknown>;

/** One element. In the automatic runtime the key is an argument of its own. */
export function jsx(type: ElementType, props: Props, key?: Key): ReactElement {
  const withKey: Props & Attributes = key === undefined ? props : { ...props, key };
  const { children, ...rest } = withKey;
  // A list of children that the compiler knows to be static goes in as arguments, else React would ask for keys.
  return createElement(
    type,
    rest,
    ...(Array.isArray(children) ? (children as []) : children === undefined ? [] : [children as never])
  );
}

/** The compiler calls it where it knows the children to be static; the elements are the same. */
export const jsxs: typeof jsx = (type, props, key) => jsx(type, props, key);
/** What a development build calls, with more arguments, which say where the element was written. */
export const jsxDEV: typeof jsx = (type, props, key) => jsx(type, props, key);
export { Fragment };
