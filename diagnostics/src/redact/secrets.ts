/** The secrets of the configuration, to be taken out of every text that leaves the service. */
export class Secrets {
  private readonly values = new Set<string>();

  add(value: string | undefined): void {
    // Very short ones would mutilate ordinary words; the configuration refuses such tokens anyway.
    if (value !== undefined && value.length >= 4) {
      this.values.add(value);
      this.values.add(encodeURIComponent(value));
    }
  }

  scrub(text: string): string {
    let clean = text;
    for (const value of this.values) {
      clean = clean.replaceAll(value, '***');
    }
    return clean;
  }
}
