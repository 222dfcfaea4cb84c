/** What ties a file to one machine: its paths, and the hosts of its package registry. */
const PLACES: readonly RegExp[] = [
  // Put together from parts, so that this file does not find itself.
  new RegExp(`(?<![\\w.-])/${'work'}/(?:main|shared|\\.)[\\w./-]*`),
  new RegExp(`(?<![\\w.-])/(?:${'home'}|${'Users'})/[a-z][\\w-]*/`),
  new RegExp(`(?<![\\w.:-])/${'root'}/[\\w.-]+`),
  /https?:\/\/(?!registry\.npmjs\.org\b)[\w.-]*(?:registry|artifactory|nexus|verdaccio|npm-?proxy)[\w.-]*/i,
  /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)https?:\/\/[^"/]*/,
];

/** Sentences about the places that a file names. */
export function placesIn(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    PLACES.flatMap((place) => {
      const found = place.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: ${found}`];
    })
  );
}
