import { anyOf, oneOf } from './any-of.ts'
import { field, type HeaderBlock, readHeaders } from './header-block.ts'

/** What a server wrote for people, cut where the returned letter begins, and that letter's headers if they follow. */
export type Notification = { prose: string; returned: HeaderBlock | null }

/** A notification says what it has to say in its first lines; more is help text or the letter itself. */
const LONGEST_PROSE = 8192
const MOST_LINES = 800

const END = String.raw`[\s:.=_*-]{0,80}$`
const ORIGINAL_BEGINS = anyOf(
  `^${oneOf(
    'this is a|below (?:this|the next) line is a|the following is a|included is a|here is a|a|enclosed is a',
  )} copy of`,
  String.raw`^(?:below is )?(?:the |your |a |\* )?(?:copy of (?:the |your )?)?${oneOf(
    'original|returned|undelivered|unsent|failed|source|rejected|bounced',
  )} (?:mail|message|e-?mail|letter|text|headers?)\b(?:.{0,40}(?:follow|below|attach|header)|${END})`,
  String.raw`^(?:the |your )?(?:message|mail|letter)(?: you sent)? ${oneOf(
    'headers?|text|body|contents?|source',
  )} (?:of .{1,40} )?(?:(?:is |are )?(?:follow|below|attach|included|removed)|${END})`,
  String.raw`^(?:the )?(?:headers?|body|text|start|first .{1,20}) of (?:the |your )?(?:original |source |sent )?(?:message|mail)`,
  String.raw`^(?:your )?message (?:reads|follows|headers follow|header)`,
  String.raw`^begin(?:ning)? of (?:the )?(?:original |returned )?(?:message|mail)`,
  "^mensaje original|^mensagem original|^message (?:d'origine|original)|^messaggio originale",
  String.raw`^urspr.{1,2}ngliche (?:nachricht|mail)|^header of the|^original message\b`,
)
const HEADER_LINE =
  /^(?:return-path|received|message-id|from|to|cc|reply-to|sender|subject|date|delivered-to|mime-version|content-[a-z-]{1,30}|x-[\w-]{1,60}|dkim-signature)[ \t]{0,3}:/i
const RULE = /^[-=_*|+>#~ \t]{0,80}/

/** Splits the readable text of a report into the notification and the headers of the letter that it returns. */
export function readNotification(text: string): Notification {
  const lines = text.split('\n', MOST_LINES)
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const bare = line.slice(0, 200).replace(RULE, '').trimEnd().toLowerCase()
    if (bare.length < 120 && ORIGINAL_BEGINS.test(bare)) return cut(lines, at, at + 1)
    if (HEADER_LINE.test(unquoted(line)) && beginsHeaders(lines, at)) return cut(lines, at, at)
  }
  return { prose: text.slice(0, LONGEST_PROSE), returned: null }
}

function unquoted(line: string): string {
  return line.replace(/^[>|] ?/, '')
}

function cut(lines: string[], end: number, start: number): Notification {
  const rest = lines.slice(start, start + 400).map(unquoted)
  const first = rest.findIndex((line) => HEADER_LINE.test(line))
  const returned = first === -1 ? null : readHeaders(rest.slice(first).join('\n'))
  return { prose: lines.slice(0, end).join('\n').slice(0, LONGEST_PROSE), returned }
}

/** Three header lines or more with a trace field among them: the letter itself, pasted without a word. */
function beginsHeaders(lines: string[], at: number): boolean {
  const block = readHeaders(
    lines
      .slice(at, at + 20)
      .map(unquoted)
      .join('\n'),
  )
  if (block.fields.length < 3) return false
  return ['received', 'return-path', 'message-id', 'mime-version'].some((name) => field(block, name) !== null)
}

const ADDRESS =
  /(?<![A-Za-z0-9.!#$%&*+/=?^_`{|}~-])[A-Za-z0-9!#$%&*+/=?^_`{|}~-][A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,254}/

/** The first address that the notification names: as a rule the recipient that failed. */
export function firstAddress(prose: string): string | null {
  const found = ADDRESS.exec(prose.slice(0, LONGEST_PROSE))?.[0]
  return found === undefined ? null : withoutTail(found, '.-')
}

const FORWARD =
  /(?:expanded from:?|originally addressed to|(?:ultimately )?generated from|forwarded from|alias(?:ed)? (?:from|of)) {0,3}[<(]{0,2}([^\s<>()@]{1,128}@[^\s<>()]{1,255})/i

/** The address that led to the failing one, where Sendmail, Exim or qmail say so (`expanded from: <…>`). */
export function forwardOf(prose: string): string | null {
  const found = FORWARD.exec(prose.slice(0, LONGEST_PROSE))?.[1]
  return found === undefined ? null : withoutTail(found, '.,;:')
}

function withoutTail(text: string, signs: string): string {
  let end = text.length
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
