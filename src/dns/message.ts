// DNS messages: the question as bytes, and what comes back held against it (RFC 1035, RFC 5452).
import { randomInt } from 'node:crypto'
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type Answer as WireRecord } from 'dns-packet'
import { sameCase } from './query-name.ts'
import type { RecordType } from './records.ts'

export type Question = { readonly name: string; readonly type: RecordType }

export type Query = { readonly question: Question; readonly id: number; readonly bytes: Buffer }

export type Reply = {
  readonly code: number
  readonly truncated: boolean
  /** Points to other servers instead of answering: asked was one that does not look up for others. */
  readonly isReferral: boolean
  readonly records: readonly WireRecord[]
  /** Seconds that a "there is none" holds (RFC 2308, section 5); 0 where the server does not say. */
  readonly negativeTtl: number
}

/** RCODEs that something is made of; whatever else comes is named by `codeName`. */
export const code = { noError: 0, formatError: 1, noSuchDomain: 3, notImplemented: 4 } as const

const codeNames = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

// What fits into one datagram everywhere (DNS flag day 2020); more comes by TCP.
const udpPayloadSize = 1_232
const longestTtl = 2 ** 31 - 1

export function writeQuery(question: Question, withEdns: boolean): Query {
  const id = randomInt(65_536)
  const bytes = encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ ...question, class: 'IN' }],
    additionals: withEdns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  })
  return { question, id, bytes }
}

/** Null for what does not answer this query: another id or question, or no DNS message at all. */
export function readReply(bytes: Buffer, { question, id }: Query): Reply | null {
  // Looked at before anything is decoded: most of what does not belong here ends at these two bytes.
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== id) return null
  const packet = decoded(bytes)
  if (packet === null || !packet.flag_qr) return null
  const [asked, ...more] = packet.questions ?? []
  const rcode = (packet.flags ?? 0) & 0xf
  // A server that cannot read the query may answer without its question.
  const echoes = asked !== undefined ? isSame(asked, question) : rcode === code.formatError
  if (!echoes || more.length > 0) return null
  const { answers: records = [], authorities = [] } = packet
  return {
    code: rcode,
    truncated: packet.flag_tc,
    isReferral: !packet.flag_ra && !packet.flag_aa && records.length === 0 && isDelegation(authorities),
    records,
    negativeTtl: negativeTtlIn(authorities),
  }
}

export function codeName(rcode: number): string {
  return codeNames[rcode] ?? `the error code ${rcode}`
}

/** Seconds; a value with its highest bit set counts as 0 (RFC 2181, section 8). */
export function ttlOf(record: WireRecord): number {
  const ttl = 'ttl' in record ? (record.ttl ?? 0) : 0
  return ttl > longestTtl ? 0 : ttl
}

function isSame(
  asked: { name: string; type: string; class?: string | undefined },
  question: Question,
): boolean {
  return sameCase(asked.name) === question.name && asked.type === question.type && asked.class === 'IN'
}

function isDelegation(authorities: readonly WireRecord[]): boolean {
  return authorities.some(({ type }) => type === 'NS') && !authorities.some(({ type }) => type === 'SOA')
}

function negativeTtlIn(authorities: readonly WireRecord[]): number {
  const soa = authorities.find((record) => record.type === 'SOA')
  if (soa?.type !== 'SOA') return 0
  const minimum = soa.data.minimum ?? 0
  return Math.min(ttlOf(soa), minimum > longestTtl ? 0 : minimum)
}

function decoded(bytes: Buffer): DecodedPacket | null {
  try {
    return decode(bytes)
  } catch {
    // Cut off or forged: the library throws whatever it stumbles over.
    return null
  }
}
