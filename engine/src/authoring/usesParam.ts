/** Whether a text of a pack, or all of them together, fills in the parameter. */
export function usesParam(text: string, param: string): boolean {
  return new RegExp(`\\{\\{\\s*${param}\\s*[|}]`).test(text);
}
