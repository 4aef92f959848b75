import { createPrivateKey } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import DKIM from 'nodemailer/lib/dkim'

export type DkimOptions = { domain: string; selector: string; privateKey: string }

// RFC 6376, section 5.4.1, RFC 8058, section 4, for the two List-Unsubscribe headers, and draft-levine-mailbomb-header
// for Form-Sub. A name that a letter does not have is left out.
const signedHeaders = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Auto-Submitted',
  'Form-Sub',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'X-Ayes-Letter',
].join(':')

/** Signs letters with DKIM (relaxed/relaxed, RSA and SHA-256). Throws on a key that cannot: nodemailer would not. */
export function openSigner({ domain, selector, privateKey }: DkimOptions): (raw: Buffer) => Promise<Buffer> {
  const key = createPrivateKey(privateKey)
  if (key.asymmetricKeyType !== 'rsa') {
    throw new Error(`the DKIM key is of type ${key.asymmetricKeyType}; letters are signed with RSA keys only`)
  }
  const dkim = new DKIM({
    domainName: domain,
    keySelector: selector,
    // Read once: from PEM it would be parsed anew for each letter, which takes longer than the signature.
    privateKey: key,
    headerFieldNames: signedHeaders,
  })
  return async (raw) => {
    const signed = await buffer(dkim.sign(raw))
    if (signed.length === raw.length) throw new Error('the letter could not be signed with the DKIM key')
    return signed
  }
}
