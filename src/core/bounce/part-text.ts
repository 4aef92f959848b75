import PostalMime from 'postal-mime'
import { asUtf8 } from './encoded-words.ts'
import { textOfHtml } from './html-text.ts'
import type { Part } from './mime-parts.ts'

/** How much of one part is read: notifications are a few KB, and what is longer is the returned letter. */
const LONGEST_PART = 64 * 1024
const MOST_LINES = 1000

const PLAIN_ASCII = /^[\t\n\x20-\x7e]*$/

/** The readable text of a part: transfer encoding and charset undone by postal-mime, tags taken out of HTML. */
export async function readText(part: Part): Promise<string> {
  const head = part.headers.fields.filter(
    ([name]) => name === 'content-type' || name === 'content-transfer-encoding',
  )
  const encoding = head.find(([name]) => name === 'content-transfer-encoding')?.[1].toLowerCase() ?? ''
  const body = firstLines(part.body)
  const encoded = encoding.includes('base64') || encoding.includes('quoted-printable')
  const utf7 = head.some(([, value]) => value.toLowerCase().includes('utf-7'))
  const plain = !encoded && (PLAIN_ASCII.test(body) || utf7)
  const text = plain ? body : ((encoded ? null : asUtf8(body)) ?? (await decode(encoding, part, body)))
  const lines = text.replace(/\r\n?/g, '\n')
  return part.type === 'text/html' || (part.type === 'text/plain' && /^\s*<(?:!doctype|html)/i.test(lines))
    ? textOfHtml(lines)
    : lines
}

async function decode(encoding: string, part: Part, body: string): Promise<string> {
  const type = part.headers.fields.find(([name]) => name === 'content-type')?.[1] ?? ''
  const charset = /charset[ \t]*=[ \t]*"?([\w.:-]{1,40})/i.exec(type)?.[1] ?? 'utf-8'
  const raw = `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding.replace(/[^a-z0-9-]/g, '')}\n\n${body}`
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'))
  return mail.text ?? ''
}

function firstLines(body: string): string {
  let at = 0
  for (let lines = 0; lines < MOST_LINES && at < LONGEST_PART; lines += 1) {
    const newline = body.indexOf('\n', at)
    if (newline === -1) return body.slice(0, LONGEST_PART)
    at = newline + 1
  }
  return body.slice(0, Math.min(at, LONGEST_PART))
}
