/** Of a component in trouble for which no cause is likely. */
export function withoutReasonWords(title: string): string {
  return `Trouble at ${title}, and the reason is not found`;
}
