// Certificates made for a test: X.509 v3 in DER (RFC 5280), signed by the given key, which need not be the subject's.
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'

type Wanted = {
  readonly name: string
  readonly key: KeyObject
  readonly from?: Date
  readonly to?: Date
}

const day = 86_400_000

/** PEM, signed by its own key; RSA with SHA-256 or ECDSA with SHA-256. Good for TLS as `name`. */
export function makeCertificate({ name, key, from, to }: Wanted): string {
  const isRsa = key.asymmetricKeyType === 'rsa'
  // sha256WithRSAEncryption has a NULL parameter, ecdsa-with-SHA256 has none.
  const algorithm = isRsa
    ? sequence(oid('2a864886f70d01010b'), Buffer.from('0500', 'hex'))
    : sequence(oid('2a8648ce3d040302'))
  const distinguished = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))))
  const names = sequence(oid('551d11'), der(0x04, sequence(der(0x82, Buffer.from(name)))))
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguished,
    sequence(time(from ?? new Date(Date.now() - day)), time(to ?? new Date(Date.now() + day))),
    distinguished,
    createPublicKey(key).export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(names)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, key)]))
  const lines =
    sequence(body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts))
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const integer = (bytes: Buffer) => der(0x02, bytes)
const time = (at: Date) =>
  der(0x18, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`))
