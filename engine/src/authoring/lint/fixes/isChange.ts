import type { Fix } from '../../../model/pack';

/** Whether a fix is a command that changes something, so that its success can be seen. */
export function isChange({ kind, language }: Fix): boolean {
  return kind !== 'read' && language !== 'text';
}
