/** Of a component in trouble for which no cause is likely. */
export function withoutReasonWords(title: string): string {
  return `${title} is in trouble, and the reason is not found`;
}
