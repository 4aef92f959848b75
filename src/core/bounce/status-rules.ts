import type { Category } from './category.ts'

type Meaning = { codes: RegExp; category: Category; rule: string; generic?: true }

/**
 * Enhanced status codes (RFC 3463, 5248, the IANA registry) where no words decided; the first that fits counts.
 * `generic` ones say no more than "for good": whatever else speaks goes before them.
 */
const meanings: readonly Meaning[] = [
  { codes: /^4\./, category: 'temporary', rule: 'class-4' },
  { codes: /^5\.1\.1$/, category: 'mailbox-does-not-exist', rule: 'status-5.1.1' },
  { codes: /^5\.1\.351$/, category: 'mailbox-does-not-exist', rule: 'status-5.1.351' },
  { codes: /^5\.1\.2$/, category: 'domain-problem', rule: 'status-5.1.2' },
  // Registered for "null MX" (RFC 7505); Microsoft writes it for unknown users, and then its words say so.
  { codes: /^5\.1\.10$/, category: 'domain-problem', rule: 'status-5.1.10', generic: true },
  { codes: /^5\.1\.3$/, category: 'bad-address', rule: 'status-5.1.3' },
  { codes: /^5\.1\.[789]$/, category: 'policy-or-spam', rule: 'status-of-sender' },
  { codes: /^5\.2\.1$/, category: 'mailbox-disabled', rule: 'status-5.2.1' },
  { codes: /^5\.2\.2$/, category: 'mailbox-full', rule: 'status-5.2.2' },
  { codes: /^5\.3\.2$/, category: 'domain-problem', rule: 'status-5.3.2' },
  { codes: /^5\.4\.(?:4|310|312)$/, category: 'domain-problem', rule: 'status-5.4.4' },
  { codes: /^5\.4\.(?:7|316|300)$/, category: 'temporary', rule: 'status-5.4.7' },
  { codes: /^5\.7\.13$/, category: 'mailbox-disabled', rule: 'status-5.7.13' },
  { codes: /^5\.7\./, category: 'policy-or-spam', rule: 'status-5.7' },
  {
    codes: /^5\.(?:1\.[046]|2\.[34]|3\.[1345]|4\.[156]|5\.[1-6]|6\.\d+)$/,
    category: 'other-permanent',
    rule: 'status-other',
  },
]

export function meaningOfStatus(
  status: string,
): { category: Category; rule: string; generic: boolean } | null {
  const found = meanings.find(({ codes }) => codes.test(status))
  return found === undefined
    ? null
    : { category: found.category, rule: found.rule, generic: found.generic === true }
}
