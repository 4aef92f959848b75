import { asciiLowerCase } from './domain-name.ts'

/**
 * The key by which letters to one mailbox are counted: without `+tag`, without dots at Gmail, whose two domains
 * are one; quotes say nothing. For counting only: two people may share it, so it never identifies anyone.
 */
export function mailboxOf(local: string, domain: string): string {
  const unquoted = local.startsWith('"') ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local
  const plus = unquoted.indexOf('+')
  const untagged = plus > 0 ? unquoted.slice(0, plus) : unquoted
  const name = asciiLowerCase(untagged)
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return `${name}@${domain}`
  const undotted = name.replaceAll('.', '')
  return `${undotted === '' ? name : undotted}@gmail.com`
}
