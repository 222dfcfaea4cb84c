/**
 * Opens this page again with another role or theme. The server keeps the choice in a cookie and takes the parameter out
 * of the address, so the plugin never sees it.
 */
export function reloadWith(name: 'as' | 'theme', value: string): void {
  const url = new URL(window.location.href);
  url.searchParams.set(name, value);
  window.location.assign(url);
}
