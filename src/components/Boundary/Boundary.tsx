import { Component, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
  fallback: (error: Error, retry: () => void) => ReactNode;
  /** A change of it (another page, another link) gives the children another chance. */
  resetKey?: string;
}

interface State {
  error?: Error;
  resetKey?: string;
}

/** Catches what its children throw while rendering, so that what is around them stays usable. */
export class Boundary extends Component<Props, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return state.resetKey === props.resetKey ? null : { error: undefined, resetKey: props.resetKey };
  }

  private readonly retry = () => this.setState({ error: undefined });

  override render() {
    const { error } = this.state;
    return error ? this.props.fallback(error, this.retry) : this.props.children;
  }
}
