/** What the dev mailbox does with letters to this address (contract, section 5). `code` as in `5.1.1`. */
export type Behaviour =
  | { kind: 'accept' }
  | { kind: 'refuse'; code: string }
  | { kind: 'late'; code: string }
  | { kind: 'defer'; code: string }

// An enhanced status code of a failure: RFC 3463, section 2.
const simulation = /^(refuse|late|defer)-([45]\.\d{1,3}\.\d{1,3})$/i

// What servers say with these codes, and the SMTP code that goes with each: RFC 3463, RFC 5248, RFC 7505.
const sayings: Record<string, { reply: number; words: string }> = {
  '1.1': { reply: 550, words: 'Recipient address rejected: User unknown' },
  '1.2': { reply: 550, words: 'Recipient address rejected: Domain not found' },
  '1.3': { reply: 501, words: 'Bad recipient address syntax' },
  '1.10': { reply: 556, words: 'Recipient address rejected: Domain does not accept mail' },
  '2.1': { reply: 550, words: 'Mailbox disabled, not accepting messages' },
  '2.2': { reply: 552, words: 'Mailbox full' },
  '7.1': { reply: 554, words: 'Message rejected due to local policy' },
}

export function behaviourOf(address: string): Behaviour {
  const match = simulation.exec(address.slice(0, address.lastIndexOf('@')))
  const verb = match?.[1]?.toLowerCase()
  const code = match?.[2]
  if (code === undefined) return { kind: 'accept' }
  if (verb === 'refuse') return { kind: 'refuse', code }
  if (verb === 'late') return { kind: 'late', code }
  // A deferral is a 4 by its nature: "for now" and a code that says "for good" do not go together.
  return { kind: 'defer', code: code.replace(/^5/, '4') }
}

/** The answer of a server that turns this address away with this code. */
export function refusal(address: string, code: string): string {
  // Words could say more than a 4 does, "full" for one: here the code alone counts.
  if (code.startsWith('4')) return `450 ${code} <${address}>: Temporarily deferred, try again later`
  const saying = sayings[code.slice(2)] ?? { reply: 550, words: 'Refused, as the address asks' }
  return `${saying.reply} ${code} <${address}>: ${saying.words}`
}
