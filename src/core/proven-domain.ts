// When the installation's own subscribers have proven a domain to be real.

/** People who confirmed an address at the domain, and the networks that they confirmed from. */
export type Witnesses = { readonly people: number; readonly networks: number }

/**
 * Two mailboxes confirmed from two places. From one place it takes five: whoever owns a domain that others mistype, and
 * has a machine open every letter to it, confirms them all from there; an office or a dormitory does so too.
 */
export function isProven({ people, networks }: Witnesses): boolean {
  return (people >= 2 && networks >= 2) || people >= 5
}
