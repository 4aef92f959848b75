// SPF records (RFC 7208, sections 4.6, 5 and 6).

export type Qualifier = '+' | '-' | '~' | '?'

type Named = 'include' | 'a' | 'mx' | 'ptr' | 'exists'

export type SpfMechanism =
  | { kind: 'all'; qualifier: Qualifier }
  /** `network` with its prefix length always written out */
  | { kind: 'ip4' | 'ip6'; qualifier: Qualifier; network: string }
  /** `domain` is null for the domain of the record itself; `prefix` is for the addresses that it leads to */
  | { kind: Named; qualifier: Qualifier; domain: string | null; prefix: { ip4: number; ip6: number } }

export type SpfRecord = { mechanisms: SpfMechanism[]; redirect: string | null }

export type SpfReading = { kind: 'record'; record: SpfRecord } | { kind: 'wrong'; problem: string }

export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

/** True of a domain-spec that only a real delivery can fill in (section 7). */
export function hasMacro(domain: string): boolean {
  return domain.includes('%')
}

export function readSpf(text: string): SpfReading {
  const mechanisms: SpfMechanism[] = []
  const modifiers = new Map<string, string>()
  for (const term of text.split(' ').slice(1)) {
    if (term === '') continue
    const modifier = /^([a-z][a-z0-9._-]*)=(.*)$/i.exec(term)
    if (modifier !== null) {
      const [, name = '', value = ''] = modifier
      const known = name.toLowerCase()
      if (known !== 'redirect' && known !== 'exp') continue
      if (modifiers.has(known)) return wrong(`${known}= stands there twice`)
      if (!isDomainSpec(value)) return wrong(`${JSON.stringify(term)} names no domain`)
      modifiers.set(known, value)
      continue
    }
    const read = readMechanism(term)
    if (typeof read === 'string') return wrong(read)
    mechanisms.push(read)
  }
  return { kind: 'record', record: { mechanisms, redirect: modifiers.get('redirect') ?? null } }
}

function readMechanism(term: string): SpfMechanism | string {
  // The prefix lengths stand at the end, and nothing before them is alike: a domain has no /24.
  const lengths = /(?:\/\d{1,3})?(?:\/\/\d{1,3})?$/.exec(term)?.[0] ?? ''
  const match = /^([+~?-]?)([a-z0-9]+)(?::(.*))?$/i.exec(term.slice(0, term.length - lengths.length))
  if (match === null) return `${JSON.stringify(term)} is no term of SPF`
  const [, sign = '', name = '', value] = match
  const qualifier = readQualifier(sign)
  const kind = name.toLowerCase()
  switch (kind) {
    case 'all':
      return value === undefined && lengths === ''
        ? { kind, qualifier }
        : `${JSON.stringify(term)} has more than "all"`
    case 'ip4':
    case 'ip6': {
      const network = readNetwork(kind, value ?? '', lengths)
      return network === null ? `${JSON.stringify(term)} is no ${kind} network` : { kind, qualifier, network }
    }
    case 'include':
    case 'exists':
      if (value === undefined || !isDomainSpec(value) || lengths !== '')
        return `${JSON.stringify(term)} names no domain`
      return { kind, qualifier, domain: value, prefix: { ip4: 32, ip6: 128 } }
    case 'a':
    case 'mx':
    case 'ptr': {
      if (value !== undefined && !isDomainSpec(value)) return `${JSON.stringify(term)} names no domain`
      const prefix = readPrefixes(lengths)
      if (prefix === null || (kind === 'ptr' && lengths !== ''))
        return `${JSON.stringify(term)} has a prefix that cannot be`
      return { kind, qualifier, domain: value ?? null, prefix }
    }
    default:
      return `${JSON.stringify(term)} is no term of SPF`
  }
}

function readQualifier(sign: string): Qualifier {
  return sign === '-' || sign === '~' || sign === '?' ? sign : '+'
}

function readPrefixes(lengths: string): { ip4: number; ip6: number } | null {
  const match = /^(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/.exec(lengths)
  const [ip4, ip6] = [Number(match?.[1] ?? 32), Number(match?.[2] ?? 128)]
  return match !== null && ip4 <= 32 && ip6 <= 128 ? { ip4, ip6 } : null
}

function readNetwork(kind: 'ip4' | 'ip6', address: string, lengths: string): string | null {
  const most = kind === 'ip4' ? 32 : 128
  const length = lengths === '' ? most : Number(/^\/(\d{1,3})$/.exec(lengths)?.[1] ?? Number.NaN)
  const isAddress = kind === 'ip4' ? isIp4(address) : isIp6(address)
  return isAddress && length <= most ? `${address}/${length}` : null
}

function isIp4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

/** By the URL parser, which reads IPv6 as RFC 4291 writes it. */
function isIp6(text: string): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`)
}

function isDomainSpec(text: string): boolean {
  return /^(?:[\x21-\x24\x26-\x7e]|%[%_-]|%\{[a-z]\d*r?[.+,/_=-]*\}){1,253}$/i.test(text)
}

function wrong(problem: string): SpfReading {
  return { kind: 'wrong', problem }
}
