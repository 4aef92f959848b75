import { isAligned, type Mode } from './align.ts'
import { shown, txtLine } from './dns-line.ts'
import { type Finding, findingsOf, type LookedUp, unanswered } from './finding.ts'
import { readTags, type TagReading } from './read-tags.ts'

export type DmarcFacts = {
  /** of the From header */
  readonly from: string
  /** of the envelope sender, for which SPF speaks */
  readonly envelope: string
  /** that we sign for; null where we do not */
  readonly dkim: string | null
  /** Name and answer, from the domain itself upwards, until one had a record or did not answer. */
  readonly answers: readonly { readonly name: string; readonly answer: LookedUp }[]
}

type Policy = 'none' | 'quarantine' | 'reject'

const { ok, warning, wrong, cannotTell } = findingsOf('dmarc')

export function isDmarc(text: string): boolean {
  return /^v\s*=\s*DMARC1\s*(?:;|$)/.test(text)
}

/** RFC 7489 and RFC 9989: the record, and whether what SPF and DKIM prove counts for the domain in From. */
export function judgeDmarc(facts: DmarcFacts): Finding[] {
  const { from, answers } = facts
  const last = answers.at(-1)
  if (last?.answer.kind === 'no-answer')
    return [unanswered('dmarc', 'dmarc-record', `The DMARC record ${last.name}`, last.answer.why)]
  const records = last?.answer.kind === 'found' ? last.answer.records.filter(isDmarc) : []
  const own = `_dmarc.${from}`
  const mend = txtLine(own, `v=DMARC1; p=none; rua=mailto:postmaster@${from}`)
  const [text, ...more] = records
  if (text === undefined || last === undefined) {
    return [
      warning(
        'dmarc-record',
        `${from} has no DMARC record: large providers ask for one, and anybody can write in your name`,
        `add the DNS record: ${mend}`,
      ),
      ...judgeAlignment(facts, { spf: 'relaxed', dkim: 'relaxed' }, 'none'),
    ]
  }
  if (more.length > 0)
    return [
      wrong(
        'dmarc-record',
        `There are ${records.length} DMARC records at ${last.name}, and receivers then use none`,
        'keep one of them',
      ),
    ]
  const reading = readTags(text)
  const problem = problemIn(reading)
  if (reading.kind === 'wrong' || problem !== null) {
    return [
      wrong(
        'dmarc-record',
        `The DMARC record at ${last.name}, ${shown(text)}, cannot be used: ${problem ?? ''}`,
        `write it as: ${mend}`,
      ),
    ]
  }
  const { tags } = reading
  const isInherited = last.name !== own
  const policy = policyIn(tags.get(isInherited && tags.has('sp') ? 'sp' : 'p')) ?? 'none'
  const scope = isInherited ? `, which speaks for ${from} too,` : ''
  return [
    ok('dmarc-record', `${last.name}${scope} has ${shown(text)}; its policy is ${policy}`),
    ...judgeAlignment(facts, { spf: modeIn(tags.get('aspf')), dkim: modeIn(tags.get('adkim')) }, policy),
  ]
}

function problemIn(reading: TagReading): string | null {
  if (reading.kind === 'wrong') return reading.problem
  const { tags } = reading
  for (const name of ['p', 'sp', 'np']) {
    const value = tags.get(name)
    if (value !== undefined && policyIn(value) === null)
      return `${name}=${value} is none of none, quarantine and reject`
  }
  if (!tags.has('p') && !tags.has('rua')) return 'it has neither p= nor rua='
  for (const name of ['adkim', 'aspf']) {
    const value = tags.get(name)
    if (value !== undefined && !/^[rs]$/i.test(value)) return `${name}=${value} is neither r nor s`
  }
  for (const name of ['rua', 'ruf']) {
    const addresses = (tags.get(name) ?? '').split(',').map((one) => one.trim())
    const stranger = addresses.find((one) => one !== '' && !/^[a-z][a-z0-9+.-]*:.+/i.test(one))
    if (stranger !== undefined)
      return `${name} has ${stranger}, which is no address such as mailto:postmaster@example.com`
  }
  return null
}

function judgeAlignment(
  { from, envelope, dkim }: DmarcFacts,
  modes: { spf: Mode; dkim: Mode },
  policy: Policy,
): Finding[] {
  const check = 'dmarc-alignment'
  const signed = dkim !== null && isAligned(from, dkim, modes.dkim)
  const sent = isAligned(from, envelope, modes.spf)
  if (signed && sent) return [ok(check, `DKIM (${dkim}) and SPF (${envelope}) both count for ${from}`)]
  if (signed)
    return [ok(check, `DKIM (${dkim}) counts for ${from}; SPF does not, since it speaks for ${envelope}`)]
  if (sent && dkim === null) {
    return [
      warning(
        check,
        `Only SPF (${envelope}) can count for ${from}, unless your relay signs for it, and SPF does not survive forwarding`,
        `sign letters: DKIM_DOMAIN=${from}, DKIM_SELECTOR and DKIM_KEY_FILE; or have the relay sign for ${from}`,
      ),
    ]
  }
  if (sent)
    return [
      warning(
        check,
        `SPF (${envelope}) counts for ${from}; DKIM does not, since it signs for ${dkim}`,
        `set DKIM_DOMAIN=${from}`,
      ),
    ]
  const mend = `set BOUNCE_ADDRESS to one at ${from} or below it, or sign for it: DKIM_DOMAIN=${from}`
  if (dkim === null) {
    return [
      cannotTell(
        check,
        `SPF speaks for ${envelope} and not for ${from}: only if your relay signs for ${from} do letters pass DMARC`,
        `--send a letter to a mailbox of yours and look for "dmarc=pass" in its headers; else ${mend}`,
      ),
    ]
  }
  const found = `Neither SPF (${envelope}) nor DKIM (${dkim}) counts for ${from}`
  return policy === 'none'
    ? [warning(check, `${found}: letters fail DMARC, whose policy asks nobody to refuse them yet`, mend)]
    : [
        wrong(
          check,
          `${found}: receivers are asked to ${policy === 'reject' ? 'refuse' : 'put aside'} your letters`,
          mend,
        ),
      ]
}

function policyIn(value: string | undefined): Policy | null {
  const lower = value?.toLowerCase()
  return lower === 'none' || lower === 'quarantine' || lower === 'reject' ? lower : null
}

function modeIn(value: string | undefined): Mode {
  return value?.toLowerCase() === 's' ? 'strict' : 'relaxed'
}
