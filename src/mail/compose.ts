import { hash } from 'node:crypto'
import { encodeWord, encodeWords, foldLines } from 'nodemailer/lib/mime-funcs'
import { encode, wrap } from 'nodemailer/lib/qp'
import type { OutgoingLetter } from './mailer.ts'

// RFC 5322 allows 998 characters in a line and asks for 78.
const longestLine = 998
const wantedLine = 76
// Leaves room on the line for the name of the header in front of the first encoded word.
const longestEncodedWord = 52

const headerName = /^[A-Za-z][A-Za-z0-9-]{0,60}$/

// A letter cannot be given a second one of these by its extra headers.
const ownHeaders = new Set([
  'from',
  'reply-to',
  'to',
  'subject',
  'message-id',
  'date',
  'auto-submitted',
  'x-auto-response-suppress',
  'x-ayes-letter',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
])

/**
 * The letter as RFC 5322 bytes, CRLF throughout: text and HTML as quoted-printable, or base64 where that is shorter,
 * so that all of it is 7 bit but for a recipient beyond ASCII. Assumes that `whyUnsendable` found nothing.
 */
export function composeLetter(letter: OutgoingLetter, at: Date): Buffer {
  // "=_" cannot stand in quoted-printable text or base64, so no body can contain the boundary (RFC 2045, section 6.7).
  const boundary = `=_${hash('sha256', letter.token).slice(0, 32)}`
  const headers = [
    header('From', mailbox(letter.from.name, letter.from.address)),
    ...(letter.replyTo === null ? [] : [header('Reply-To', letter.replyTo)]),
    header('To', letter.to),
    header('Subject', words(letter.subject)),
    `Message-ID: <${letter.messageId}>`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply',
    `X-Ayes-Letter: ${letter.token}`,
    ...Object.entries(letter.headers).map(([name, value]) => extraHeader(name, value)),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
  ]
  const lines = [
    ...headers,
    '',
    `--${boundary}`,
    ...part('text/plain', letter.text),
    `--${boundary}`,
    ...part('text/html', letter.html),
    `--${boundary}--`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

function part(type: string, content: string): string[] {
  // In quoted-printable the last line break belongs to the boundary that follows.
  const lines = content.replace(/\n$/, '').replace(/\r\n|\r|\n/g, '\r\n')
  const isBase64 = isShorterAsBase64(lines)
  return [
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Transfer-Encoding: ${isBase64 ? 'base64' : 'quoted-printable'}`,
    '',
    isBase64
      ? Buffer.from(`${lines}\r\n`)
          .toString('base64')
          .replace(/.{76}(?=.)/g, '$&\r\n')
      : wrap(encode(lines), wantedLine),
  ]
}

/** Quoted-printable makes three bytes of each beyond ASCII, base64 four of any three: Japanese, Arabic, Cyrillic. */
function isShorterAsBase64(text: string): boolean {
  const bytes = Buffer.byteLength(text)
  return (bytes - text.length) * 9 > bytes
}

function header(name: string, value: string): string {
  return foldLines(`${name}: ${value}`, wantedLine)
}

function extraHeader(name: string, value: string): string {
  if (!headerName.test(name) || ownHeaders.has(name.toLowerCase())) {
    throw new Error(`a letter cannot carry ${JSON.stringify(name)} as an extra header`)
  }
  const line = oneLine(value)
  const folded = header(name, isPlain(line) ? line : encodeWords(line, 'Q', longestEncodedWord))
  if (folded.split('\r\n').some((part) => part.length > longestLine)) {
    throw new Error(`the header ${name} has a line of more than ${longestLine} characters`)
  }
  return folded
}

/** A display name with its address: RFC 5322, section 3.4; the name quoted, or encoded where it is not ASCII. */
function mailbox(name: string, address: string): string {
  const phrase = oneLine(name)
  if (phrase === '') return address
  const quoted = isPlain(phrase) ? `"${phrase.replace(/["\\]/g, '\\$&')}"` : encoded(phrase)
  return `${quoted} <${address}>`
}

function words(text: string): string {
  const line = oneLine(text)
  return isPlain(line) ? line : encoded(line)
}

/** Whole, not word by word: a decoder drops the spaces between encoded words (RFC 2047, section 6.2). */
function encoded(line: string): string {
  const beyondAscii = line.replace(/[\x20-\x7e]/g, '').length
  return encodeWord(line, beyondAscii * 3 > line.length ? 'B' : 'Q', longestEncodedWord)
}

/** Line breaks and other control characters become a space: no value can begin a header of its own. */
function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

function isPlain(line: string): boolean {
  return (
    /^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && !/[^ ]{200}/.test(line.replace(/<[^>]*>/g, ''))
  )
}
