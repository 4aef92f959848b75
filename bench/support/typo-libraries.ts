// The libraries of the registry that correct mail domains, each asked about a bare domain with its own defaults.
import emailSpellChecker from '@zootools/email-spell-checker'
import emailMisspelled, { all, top100 } from 'email-misspelled'
import { emailTypoFixer } from 'email-typo-fixer'
import mailcheck from 'mailcheck'

export type Suggest = (domain: string) => string | null

const closestOfTop100 = emailMisspelled({ domains: top100 })
const closestOfAll = emailMisspelled({ domains: all })

export const TYPO_LIBRARIES: readonly [string, Suggest][] = [
  ['mailcheck 1.1.1', (domain) => otherThan(domain, mailcheck.run({ email: `john@${domain}` }) || null)],
  [
    '@zootools/email-spell-checker 1.12',
    (domain) => otherThan(domain, emailSpellChecker.run({ email: `john@${domain}` }) ?? null),
  ],
  ['email-misspelled 4.4, top100', (domain) => closestOfTop100(`john@${domain}`)[0]?.suggest ?? null],
  ['email-misspelled 4.4, all', (domain) => closestOfAll(`john@${domain}`)[0]?.suggest ?? null],
  ['email-typo-fixer 1.1', fixed],
]

function otherThan(domain: string, found: { domain: string } | null): string | null {
  return found === null || found.domain === domain ? null : found.domain
}

function fixed(domain: string): string | null {
  const { hasCorrection, suggested } = emailTypoFixer(`john@${domain}`)
  if (!hasCorrection || suggested === undefined) return null
  const better = suggested.slice(suggested.lastIndexOf('@') + 1)
  return better === domain ? null : better
}
