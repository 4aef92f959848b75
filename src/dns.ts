// Questions to the DNS. node:dns gives no TTLs and makes one error of many: a domain that is not there, one without
// such records, a server in trouble and one that is silent are four different things here.
import { exchange } from './dns/exchange.ts'
import { type Chain, followChain, longestChain } from './dns/follow-chain.ts'
import { code, codeName, type Reply } from './dns/message.ts'
import { readQueryName } from './dns/query-name.ts'
import type { RecordsOf, RecordType } from './dns/records.ts'
import { nameOf, readServer } from './dns/servers.ts'

export type { MxRecord, RecordType } from './dns/records.ts'
export { systemServers } from './dns/servers.ts'

/** `ttl` is in seconds. `why` is for the operator. `no-such-domain` is NXDOMAIN; `no-records`: of this type. */
export type Answer<T extends RecordType = RecordType> =
  | { kind: 'found'; records: RecordsOf[T][]; ttl: number }
  | { kind: 'no-such-domain' | 'no-records'; ttl: number }
  | { kind: 'no-answer'; why: string }

export type Resolver = {
  /** Names are taken as people write them, Unicode included. Never rejects. */
  ask<T extends RecordType>(name: string, type: T): Promise<Answer<T>>
  /** Questions under way get `no-answer`. */
  close(): Promise<void>
}

export type ResolverOptions = {
  /** `127.0.0.1:5353`, `[::1]:53`, …: asked one after the other until one knows. */
  readonly servers: readonly string[]
  /** How long each server may take for each question, repeated and by TCP included. */
  readonly timeoutMs: number
}

/** Throws where a server is not an address. */
export function openResolver({ servers, timeoutMs }: ResolverOptions): Resolver {
  const asked = servers.map((text) => {
    const server = readServer(text)
    if (server === null) throw new Error(`${JSON.stringify(text)} is not the address of a DNS server`)
    return server
  })
  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()

  /** The first server that says yes or no; one in trouble is no reason not to ask the next. */
  async function reply(name: string, type: RecordType): Promise<Reply | string> {
    const troubles: string[] = []
    for (const server of asked) {
      if (closing.signal.aborted) return 'the resolver is closed'
      const answer = await exchange({ name, type }, { server, timeoutMs, closing: closing.signal })
      if (answer.kind === 'none') troubles.push(`${nameOf(server)} ${answer.why}`)
      else if (isClear(answer.reply)) return answer.reply
      else troubles.push(`${nameOf(server)} ${troubleOf(answer.reply)}`)
    }
    return troubles.join('; ') || 'there is no DNS server to ask'
  }

  async function ask<T extends RecordType>(text: string, type: T): Promise<Answer<T>> {
    let name = readQueryName(text)
    let ttl = Number.POSITIVE_INFINITY
    for (let left = longestChain; left >= 0 && name !== null; ) {
      const said = await reply(name, type)
      if (typeof said === 'string') return { kind: 'no-answer', why: said }
      const chain: Chain<T> = followChain(said.records, { name, type })
      if (chain.aliases > 0 || chain.records.length > 0) ttl = Math.min(ttl, chain.ttl)
      if (chain.records.length > 0) return { kind: 'found', records: chain.records, ttl }
      const end = Math.min(ttl, said.negativeTtl)
      // The code is about the last name of the chain (RFC 6604, section 3).
      if (said.code === code.noSuchDomain) return { kind: 'no-such-domain', ttl: end }
      if (chain.aliases === 0) return { kind: 'no-records', ttl: end }
      left -= chain.aliases
      name = readQueryName(chain.name)
    }
    const why =
      name === null ? 'that is no name which the DNS can hold' : 'its aliases (CNAME) lead on without end'
    return { kind: 'no-answer', why }
  }

  return {
    ask(name, type) {
      const work = ask(name, type)
      underWay.add(work)
      return work.finally(() => underWay.delete(work))
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
    },
  }
}

function isClear(reply: Reply): boolean {
  return (reply.code === code.noError && !reply.isReferral) || reply.code === code.noSuchDomain
}

function troubleOf(reply: Reply): string {
  return reply.isReferral ? 'looks up nothing for others' : `answered ${codeName(reply.code)}`
}
