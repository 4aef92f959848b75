// What the visitor is given to follow the letter by.
import type { Handle } from '../core/handles.ts'
import type { SignupEntry, SignupOutcome } from '../store/record-signups.ts'
import { domainOf } from './domain-of.ts'
import { domainMark } from './held-domains.ts'
import type { Service } from './service.ts'

/** Only a letter of a pending signup can be followed; everything else passes for one at the usual pace. */
export function handleFor(
  deps: Pick<Service, 'pace' | 'addressKey'>,
  outcome: Exclude<SignupOutcome, { kind: 'too-many' }>,
  made: { entry: SignupEntry; now: Date },
): Handle {
  const sentAfter = deps.pace.sample()
  const domain = domainMark(deps, domainOf(made.entry.email))
  const about = { listId: made.entry.listId, issuedAt: made.now, language: made.entry.locale.slice(0, 2) }
  switch (outcome.kind) {
    case 'stored':
    case 'repeated':
      return { kind: 'letter', letterId: made.entry.letterId, ...about }
    case 'bounced':
      return { kind: 'suppressed', addressHash: made.entry.addressHash, ...about }
    case 'already':
    case 'limited':
    case 'declined':
    case 'ignored':
      return { kind: 'quiet', sentAfter, domain, ...about }
  }
}
