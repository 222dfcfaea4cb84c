/** Drawn for the workbench: Grafana's own logos of data sources are part of their plugins, which are not here. */
const logos: Record<string, string> = {
  prometheus:
    '<circle cx="12" cy="12" r="11" fill="#e6522c"/><path fill="#fff" d="M12 4c.6 3-3.6 5-3.6 8.6 0 1 .4 1.9 1 2.6h5.2c.6-.7 1-1.6 1-2.6 0-2-1-3-1.6-4.4-.2.9-.6 1.4-1.1 1.8C13 8 13 6 12 4zM8 16.2h8v1.4H8zm1.6 2.4h4.8a2.4 2.4 0 0 1-4.8 0z"/>',
  loki: '<g fill="#f9a11b"><rect x="3" y="4" width="18" height="2.6" rx="1.3"/><rect x="3" y="8.5" width="12" height="2.6" rx="1.3"/><rect x="3" y="13" width="15" height="2.6" rx="1.3"/><rect x="3" y="17.5" width="9" height="2.6" rx="1.3"/></g>',
};

export function dataSourceLogo(type: string): string | undefined {
  const drawing = logos[type];
  return drawing && `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">${drawing}</svg>`;
}
