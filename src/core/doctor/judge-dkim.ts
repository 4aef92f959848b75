import { createPrivateKey, createPublicKey } from 'node:crypto'
import { shown, txtLine } from './dns-line.ts'
import { type Finding, findingsOf, type LookedUp, unanswered } from './finding.ts'
import { readTags } from './read-tags.ts'

export type DkimSetting = { readonly domain: string; readonly selector: string; readonly privateKey: string }

// RFC 8301, section 3.2: signers use 2048 bits; below 1024 nothing is verified.
const wantedBits = 2_048

const { ok, warning, wrong } = findingsOf('dkim')

export function dkimName({ domain, selector }: Pick<DkimSetting, 'domain' | 'selector'>): string {
  return `${selector}._domainkey.${domain}`
}

/** RFC 6376, section 3.6.1: whether what receivers find is the other half of the key that we sign with. */
export function judgeDkim(setting: DkimSetting, answer: LookedUp): Finding[] {
  const name = dkimName(setting)
  if (answer.kind === 'no-answer')
    return [unanswered('dkim', 'dkim-record', `The DKIM key ${name}`, answer.why)]
  const own = publicHalf(setting.privateKey)
  const line = `${txtLine(name, `v=DKIM1; k=rsa; p=${own.key}`)}`
  const bad = (found: string): Finding[] => [
    wrong(
      'dkim-record',
      `${found}: no letter of yours can be verified`,
      `have this DNS record, and no other there: ${line}`,
    ),
  ]
  const records = answer.kind === 'found' ? answer.records : []
  const [text, ...more] = records
  if (text === undefined) return bad(`There is no DKIM key at ${name}`)
  if (more.length > 0)
    return bad(`There are ${records.length} TXT records at ${name}, and which one counts is left to chance`)
  const reading = readTags(text)
  if (reading.kind === 'wrong')
    return bad(`The DKIM key at ${name}, ${shown(text, 80)}, cannot be read: ${reading.problem}`)
  const problem = problemIn(reading.tags, own.key)
  if (problem !== null) return bad(`The DKIM key at ${name} ${problem}`)
  return [
    ok('dkim-record', `The key at ${name} is the other half of DKIM_KEY_FILE`),
    ...judgeFlags(reading.tags, name),
    own.bits < wantedBits
      ? warning(
          'dkim-key-length',
          `The DKIM key has ${own.bits} bits, which is fewer than signers should use (RFC 8301)`,
          `make one of ${wantedBits} with "openssl genrsa -out dkim.pem ${wantedBits}", under a new selector`,
        )
      : ok('dkim-key-length', `It has ${own.bits} bits`),
  ]
}

/** Why receivers cannot verify what we sign; null where they can. */
function problemIn(tags: ReadonlyMap<string, string>, ownKey: string): string | null {
  const version = tags.get('v')
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v'))
    return 'does not begin with v=DKIM1'
  const key = tags.get('p')?.replace(/\s+/g, '')
  if (key === undefined) return 'has no p='
  if (key === '') return 'is revoked (its p= is empty)'
  const type = tags.get('k') ?? 'rsa'
  if (type !== 'rsa') return `is of type ${shown(type, 20)}, and letters are signed with RSA`
  const hashes = listIn(tags.get('h'))
  if (hashes.length > 0 && !hashes.includes('sha256')) return 'does not allow SHA-256 (its h=)'
  const services = listIn(tags.get('s'))
  if (services.length > 0 && !services.includes('*') && !services.includes('email'))
    return 'is not for mail (its s=)'
  if (unwrapped(key) !== unwrapped(ownKey)) return 'does not belong to DKIM_KEY_FILE'
  return null
}

function judgeFlags(tags: ReadonlyMap<string, string>, name: string): Finding[] {
  if (!listIn(tags.get('t')).includes('y')) return []
  return [
    warning(
      'dkim-testing',
      `The key at ${name} says t=y: receivers treat your signatures as a test`,
      'take t=y out of the record when all else is well',
    ),
  ]
}

function publicHalf(privateKey: string): { key: string; bits: number } {
  const secret = createPrivateKey(privateKey)
  const key = createPublicKey(secret).export({ type: 'spki', format: 'der' }).toString('base64')
  return { key, bits: secret.asymmetricKeyDetails?.modulusLength ?? 0 }
}

/** Some publish the bare RSA key (PKCS 1) and some wrap it (SPKI): receivers take both, so both are the same here. */
function unwrapped(base64: string): string | null {
  const der = Buffer.from(base64, 'base64')
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: der, format: 'der', type })
        .export({ type: 'pkcs1', format: 'der' })
        .toString('base64')
    } catch {
      // Not of this form: the other one is tried, and a key of neither matches nothing of ours.
    }
  }
  return null
}

function listIn(value: string | undefined): string[] {
  return (value ?? '')
    .split(':')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '')
}
