/** Sources and authors write clauses: `no data source is chosen` becomes `No data source is chosen.` */
export function sentence(clause: string): string {
  const text = clause.trim();
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) || begun === '' ? begun : `${begun}.`;
}
