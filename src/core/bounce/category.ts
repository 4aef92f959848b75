/** What a failure means for a signup: contract section 3. The first three make a pending signup invalid. */
export const categories = [
  'mailbox-does-not-exist',
  'domain-problem',
  'bad-address',
  'mailbox-disabled',
  'mailbox-full',
  'policy-or-spam',
  'other-permanent',
  'temporary',
  'complaint',
] as const

export type Category = (typeof categories)[number]

/** True of the categories after which no letter can ever arrive at the address as it is written. */
export function isAboutTheAddress(category: Category): boolean {
  return category === 'mailbox-does-not-exist' || category === 'domain-problem' || category === 'bad-address'
}
