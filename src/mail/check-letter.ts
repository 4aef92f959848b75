import type { OutgoingLetter } from './mailer.ts'

// A local part as readAddress lets through: quoted, or without space; never what could end an SMTP argument.
const quotedLocalPart = /^"(?:[^"\\\p{Cc}<>]|\\[^\p{Cc}<>])*"$/u
const plainLocalPart = /^[^\s\p{Cc}<>"(),:;@[\]\\]+$/u
const domainPart = /^(?:[^\s\p{Cc}<>"(),:;@[\]\\]+|\[[0-9a-fA-F:.]+\]|\[IPv6:[0-9a-fA-F:.]+\])$/u

// ENVID and boundaries: printable, nothing that needs encoding or quoting (RFC 3461, section 4).
const plainToken = /^[A-Za-z0-9._-]{1,100}$/
const plainMessageId = /^[A-Za-z0-9.!#$%&'*/=?^_`{|}~+-]+@[A-Za-z0-9.[\]:-]+$/

/** Why this letter can never be sent as it is, in words for the admin, or null. Names no address. */
export function whyUnsendable(letter: OutgoingLetter): string | null {
  if (!isSendable(letter.to)) return 'the recipient is not an address that SMTP can carry'
  if (!isSendable(letter.envelopeFrom)) return 'the envelope sender is not an address that SMTP can carry'
  if (!isSendable(letter.from.address)) return 'the address in From is not one that a header can carry'
  if (letter.replyTo !== null && !isSendable(letter.replyTo)) {
    return 'the address in Reply-To is not one that a header can carry'
  }
  if (!isAscii(`${letter.from.address}${letter.replyTo ?? ''}${letter.envelopeFrom}`)) {
    return 'a sender address of ours has characters beyond ASCII: give the list an address in plain ASCII'
  }
  if (!plainToken.test(letter.token)) return 'the token of the letter has signs that do not belong there'
  if (!plainMessageId.test(letter.messageId)) return 'the Message-ID has signs that do not belong there'
  return null
}

/** Only a local part needs the extension: domains come in ASCII already (RFC 6531). */
export function needsSmtpUtf8(letter: OutgoingLetter): boolean {
  return !isAscii(letter.to)
}

function isSendable(address: string): boolean {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, Math.max(at, 0))
  const domain = address.slice(at + 1)
  return (
    Buffer.byteLength(address) <= 320 &&
    domainPart.test(domain) &&
    (plainLocalPart.test(local) || quotedLocalPart.test(local))
  )
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
