// The life of a signup (contract, section 3). What is not listed here does not happen; the schema's trigger holds
// the same table, and a test compares the two.

export const signupStatuses = [
  'pending',
  'confirmed',
  'unsubscribed',
  'invalid',
  'declined',
  'expired',
  'replaced',
] as const
export type SignupStatus = (typeof signupStatuses)[number]

/** Why a link does not act any more, as the 410 says it. */
export type GoneCode = 'link-expired' | 'address-invalid' | 'declined' | 'unsubscribed' | 'replaced'

/** Where each state may lead. A state with nothing behind it is an end: starting anew makes a new signup. */
export const mayBecome: Readonly<Record<SignupStatus, readonly SignupStatus[]>> = {
  pending: ['confirmed', 'invalid', 'declined', 'expired', 'replaced'],
  confirmed: ['unsubscribed'],
  unsubscribed: [],
  invalid: ['replaced'],
  declined: [],
  expired: ['replaced'],
  replaced: [],
}

/** Open signups: at most one for a list and person. */
export function isOpen(status: SignupStatus): boolean {
  return status === 'pending' || status === 'confirmed'
}

/** A pending signup whose time is up is expired whether or not a clock has marked it. */
export function statusAt(status: SignupStatus, expiresAt: Date | null, now: Date): SignupStatus {
  return status === 'pending' && expiresAt !== null && expiresAt <= now ? 'expired' : status
}

export function goneCode(status: SignupStatus): GoneCode | null {
  switch (status) {
    case 'pending':
    case 'confirmed':
      return null
    case 'expired':
      return 'link-expired'
    case 'invalid':
      return 'address-invalid'
    case 'declined':
    case 'unsubscribed':
    case 'replaced':
      return status
  }
}
