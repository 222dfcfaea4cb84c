/** Authors and sources write clauses; a sentence ends with a mark. */
export function ended(clause: string): string {
  const text = clause.trim();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
