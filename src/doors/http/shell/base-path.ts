// PUBLIC_URL may have a path. Most proxies strip it before us, some do not: routes answer at the root and under it.

/** The path of PUBLIC_URL without a slash at its end; empty for none. */
export function basePathOf(publicUrl: string | null): string {
  const path = publicUrl === null ? '' : (URL.parse(publicUrl)?.pathname ?? '')
  return path.replace(/\/+$/, '')
}

/**
 * Takes `base` off a path. Where the base itself begins like a route of ours (a PUBLIC_URL that ends in /signups), it
 * is taken off only if a route's beginning is left, so that `/signups/HANDLE` from a stripping proxy stays whole.
 */
export function baseStripper(base: string, isRoute: (segment: string) => boolean): (path: string) => string {
  if (base === '') return (path) => path
  return function strip(path) {
    if (!path.startsWith(base) || (path.length > base.length && path[base.length] !== '/')) return path
    const rest = path.slice(base.length)
    if (isRoute(firstSegment(base)) && !isRoute(firstSegment(rest))) return path
    return rest === '' ? '/' : rest
  }
}

export function firstSegment(path: string): string {
  return path.split('/', 2)[1] ?? ''
}
