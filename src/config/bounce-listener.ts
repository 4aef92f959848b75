// BOUNCE_LISTEN: where mail servers hand in what came back, and the certificate that STARTTLS there needs.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { isHostName } from './host-name.ts'
import { type FileRules, readFileSetting } from './key-file.ts'
import type { Reading, Settings } from './settings.ts'
import type { BounceListenerConfig, Certificate } from './shape.ts'
import { wholeNumber } from './values.ts'

type Deps = { settings: Settings; readFile: (path: string) => string }
type Place = Pick<BounceListenerConfig, 'protocol' | 'host' | 'port'>

export function readBounceListener(deps: Deps): BounceListenerConfig | null {
  const { settings } = deps
  const place = settings.read('BOUNCE_LISTEN', null, readPlace)
  const certificate = readCertificate(deps)
  if (certificate !== null && !settings.isSet('BOUNCE_LISTEN')) {
    settings.warnings.push(
      'BOUNCE_TLS_CERT and BOUNCE_TLS_KEY have no effect while BOUNCE_LISTEN is not set: leave them out, or write lmtp://127.0.0.1:2424',
    )
  }
  if (settings.isSet('BOUNCE_LISTEN') && !settings.isSet('BOUNCE_ADDRESS')) {
    settings.warnings.push(
      'BOUNCE_LISTEN is set, but BOUNCE_ADDRESS is not: letters leave without a return path of ours, and every recipient is refused there. Write bounces@example.com, or *@bounce.example.com for a domain of their own',
    )
  }
  return place === null ? null : { ...place, certificate }
}

function readPlace(text: string): Reading<Place> {
  const instead =
    'lmtp://127.0.0.1:2424, or smtp://0.0.0.0:25 to be the mail server of the return path domain'
  const wrong = (problem: string): Reading<Place> => ({ kind: 'wrong', problem, instead })
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'lmtp:' && url.protocol !== 'smtp:')) {
    return wrong('is not an lmtp:// or smtp:// address')
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (host === '') return wrong('names no host')
  if (isIP(host) === 0 && !isHostName(host))
    return wrong('names a host that is neither an address nor a name')
  if (url.username !== '' || url.password !== '') return wrong('has a user, and nobody logs in there')
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '') {
    return wrong('goes on after the host and port')
  }
  const port = wholeNumber(0, 65_535)(url.port)
  if (port.kind === 'wrong') return wrong('names no port')
  return {
    kind: 'value',
    value: { protocol: url.protocol === 'lmtp:' ? 'lmtp' : 'smtp', host, port: port.value },
  }
}

function readCertificate({ settings, readFile }: Deps): Certificate | null {
  const names = ['BOUNCE_TLS_CERT', 'BOUNCE_TLS_KEY']
  const [missing, ...more] = names.filter((name) => !settings.isSet(name))
  if (missing !== undefined) {
    const given = names.find((name) => name !== missing)
    if (more.length === 0) {
      settings.mistakes.push(`${missing} is not set, but ${given} is: write both to offer STARTTLS, or none`)
    }
    return null
  }
  const chain = settings.read('BOUNCE_TLS_CERT', null, readFileSetting(readFile, chainIn))
  const key = settings.read('BOUNCE_TLS_KEY', null, readFileSetting(readFile, keyIn))
  if (chain === null || key === null) return null
  try {
    createSecureContext({ cert: chain, key })
    return { chain, key }
  } catch {
    settings.mistakes.push(
      'BOUNCE_TLS_KEY does not belong to BOUNCE_TLS_CERT: write the key that the certificate was made for, and the certificates with that one first',
    )
    return null
  }
}

/** What cannot be read as one throws. */
function nothingWrong(_: unknown): null {
  return null
}

const chainIn: FileRules = {
  problemIn: (text) => nothingWrong(new X509Certificate(text)),
  none: 'holds no certificate',
  instead: 'the path of a certificate in PEM, such as fullchain.pem of an ACME client',
}
const keyIn: FileRules = {
  problemIn: (text) => nothingWrong(createPrivateKey(text)),
  none: 'holds no private key without a passphrase',
  instead: 'the path of its private key in PEM, such as privkey.pem of an ACME client',
}
