import { type DeliveryStatus, findInlineStatus, readDeliveryStatus } from './delivery-status.ts'
import { type Complaint, NO_MORE_SAID, readComplaint } from './feedback-report.ts'
import { allFields, type HeaderBlock, readHeaders } from './header-block.ts'
import { type Part, readParts } from './mime-parts.ts'
import { readNotification } from './notification.ts'
import { readText } from './part-text.ts'
import { readMailedNotification } from './ses-notification.ts'

/** A message taken apart into what a verdict may look at. The returned letter is here by its headers only. */
export type Anatomy = {
  headers: HeaderBlock
  parts: Part[]
  prose: string
  returned: HeaderBlock | null
  status: DeliveryStatus | null
  complaint: Complaint | null
  /** The strings in which a token of ours may stand, in the order of contract section 6. */
  named: string[]
}

const KNOWN_HEADER =
  /^(?:from|to|cc|sender|subject|date|received|return-path|message-id|content-type|mime-version|delivered-to|x-failed-recipients)$/
const RETURNED = /^(?:message\/rfc822|text\/rfc822-headers|message\/global|message\/global-headers)$/
const STATUS = /^message\/(?:global-)?delivery-status$/

/** Takes a message apart, with headers or without, whole or damaged. */
export async function takeApart(text: string): Promise<Anatomy> {
  const top = readHeaders(text)
  const headless = !top.fields.some(([name]) => KNOWN_HEADER.test(name))
  const headers: HeaderBlock = headless ? { fields: [], end: 0 } : top
  const parts = readParts(headers, text.slice(headers.end))
  const words = await readProse(parts)
  const { prose, returned: pasted } = readNotification(words)
  const attached = parts.find((part) => RETURNED.test(part.type))
  const returned = attached === undefined ? pasted : readHeaders(attached.body)
  const mailed = readMailedNotification(words)
  const statusPart = parts.find((part) => STATUS.test(part.type))
  const written =
    statusPart === undefined ? findInlineStatus(prose) : readDeliveryStatus(await readText(statusPart))
  return {
    headers,
    parts,
    prose,
    returned,
    status: mailed?.kind === 'bounce' ? mailed : written,
    complaint: mailed?.kind === 'complaint' ? NO_MORE_SAID : await findComplaint(parts),
    named: namedStrings(headers, returned),
  }
}

/** The text parts that stand before the returned letter; HTML only where there is no plain text. */
async function readProse(parts: Part[]): Promise<string> {
  const end = parts.findIndex((part) => RETURNED.test(part.type))
  const before = (end === -1 ? parts : parts.slice(0, end)).filter((part) => part.body.trim() !== '')
  const plain = before.filter((part) => part.type === 'text/plain').slice(0, 3)
  const chosen = plain.length > 0 ? plain : before.filter((part) => part.type === 'text/html').slice(0, 1)
  const texts: string[] = []
  for (const part of chosen) texts.push(await readText(part))
  return texts.join('\n\n')
}

async function findComplaint(parts: Part[]): Promise<Complaint | null> {
  const part = parts.find(({ type }) => type === 'message/feedback-report')
  return part === undefined ? null : readComplaint(await readText(part))
}

function namedStrings(headers: HeaderBlock, returned: HeaderBlock | null): string[] {
  const ours = ['delivered-to', 'x-original-to', 'to'].flatMap((name) => allFields(headers, name))
  const theirs =
    returned === null
      ? []
      : ['return-path', 'message-id', 'x-ayes-letter'].flatMap((name) => allFields(returned, name))
  return [...ours, ...theirs].slice(0, 50)
}
