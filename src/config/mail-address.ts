// The two settings that are mail addresses of ours: who letters are from, and where they come back to.
import { returnTokenLength } from '../core/tokens.ts'
import { asMailDomain } from './host-name.ts'
import type { Reading } from './settings.ts'
import type { BounceAddress } from './shape.ts'

const longestLocalPart = 64 // RFC 5321, section 4.5.3.1.1

// "bounces" + "+" + the token has to fit into a local part.
const longestBounceLocalPart = longestLocalPart - returnTokenLength - 1

const dotAtom = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i

export function readMailFrom(text: string): Reading<{ name: string; address: string }> {
  const instead = 'Example News <news@example.com> or news@example.com'
  const match = /^(?:(.*)<([^<>]*)>|([^<>]*))$/s.exec(text)
  const name = unquoted((match?.[1] ?? '').trim())
  const address = asAddress((match?.[2] ?? match?.[3] ?? '').trim())
  if (address === null) return { kind: 'wrong', problem: 'holds no mail address', instead }
  if (/\p{Cc}/u.test(name) || name.length > 200) {
    return { kind: 'wrong', problem: 'has a name with line breaks, or of more than 200 characters', instead }
  }
  return { kind: 'value', value: { name, address: `${address.local}@${address.domain}` } }
}

export function readBounceAddress(text: string): Reading<BounceAddress> {
  const instead = 'bounces@example.com, or *@bounce.example.com for a domain of their own'
  const address = asAddress(text)
  if (address === null) return { kind: 'wrong', problem: 'is not a mail address', instead }
  if (address.local === '*') return { kind: 'value', value: { kind: 'wildcard', domain: address.domain } }
  if (address.local.includes('*')) {
    return { kind: 'wrong', problem: 'has more than the * before the @', instead }
  }
  if (address.local.length > longestBounceLocalPart) {
    return {
      kind: 'wrong',
      problem: `leaves no room for + and a token of ${returnTokenLength} characters before the @`,
      instead: `at most ${longestBounceLocalPart} characters before the @, such as bounces@${address.domain}`,
    }
  }
  return { kind: 'value', value: { kind: 'plus', ...address } }
}

// Our own addresses stay in ASCII before the @: relays without SMTPUTF8 would refuse every letter.
function asAddress(text: string): { local: string; domain: string } | null {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(at, 0))
  const domain = asMailDomain(text.slice(at + 1))
  return domain !== null && local.length <= longestLocalPart && dotAtom.test(local) ? { local, domain } : null
}

function unquoted(name: string): string {
  return /^".*"$/s.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1').trim() : name
}
