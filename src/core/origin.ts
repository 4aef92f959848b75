// Origins as browsers send them (RFC 6454, 6.2): scheme, host and port of a site, in lower case, without a usual port.

const shape = /^https?:\/\/[^\s\\/?#@]+\/?$/i
const plainHost = /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])$/

/**
 * `https://www.example.com`, also with a slash at its end or in upper case, as a browser writes it; null where it is
 * none. Only plain hosts: a star or a semicolon would mean more than one site where it ends up in a content policy.
 */
export function readOrigin(text: string): string | null {
  const url = shape.test(text) ? URL.parse(text) : null
  return url !== null && plainHost.test(url.hostname) ? url.origin : null
}

/** What lists and the service allow: null leaves it to the service, an empty list to our own pages. */
export type AllowedOrigins = readonly string[] | null

/**
 * `site` is what a browser says about the page that posted, null where it is our own page or no browser. A site that
 * keeps its name to itself (`null`) is none of those that a list names.
 */
export function mayPost(allowed: AllowedOrigins, site: string | null): boolean {
  return allowed === null || site === null || allowed.includes(site)
}
