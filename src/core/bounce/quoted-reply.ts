import { anyOf } from './any-of.ts'
import { readStage, type Stage } from './smtp-reply.ts'

/** A reply that a notification quotes, and the command that it answered where the text around it says so. */
export type QuotedReply = { text: string; during: Stage | null }

const MOST_LINES = 300
const LONGEST_REPLY_LINES = 14

/** A reply code with what makes it one: an enhanced code, a dash or words after it. */
const AT_START =
  /^[\s<>*|-]{0,12}(?:smtp;? ?|reason:? ?|error:? ?|status code:? ?)?["'(]?(?:[45]\d\d(?:[- :]{1,3}(?=\S)|$)|#?[45]\.\d{1,3}\.\d{1,3}[\s:-]{1,3}\S)/i
const IN_LINE = anyOf(
  String.raw`(?:said|replied|responded(?: with)?|response(?: was)?|returned|[a-z<\])>]):\s{1,4}["'([]?[45]\d\d(?=[- :]|$)|(?:>>>|<<<) [45]\d\d[- ]`,
  String.raw`\((?:reason|was|remote):? [45]\d\d[- ]|(?:said|reason|response|returned) ["'([][45]\d\d[- ]`,
)
const REMOTE = /^\s*(?:<<<|out:|s:|<-|<\*\*)\s*([45]\d\d)/i

/** The first refusal that the prose quotes, with the lines that belong to it. Linear in the length of the prose. */
export function findQuotedReply(prose: string): QuotedReply | null {
  const lines = prose.split('\n', MOST_LINES)
  return remoteReply(lines) ?? replyInText(lines)
}

/** Transcripts of a dialogue (`>>> RCPT TO`, `<<< 550 …`): the remote side's words go before the reporter's own. */
function remoteReply(lines: string[]): QuotedReply | null {
  const at = lines.findIndex((line) => REMOTE.test(line))
  if (at === -1) return null
  const reply: string[] = []
  for (let next = at; next < lines.length && reply.length < LONGEST_REPLY_LINES; next += 1) {
    const line = lines[next] ?? ''
    if (!REMOTE.test(line)) break
    reply.push(line.replace(/^\s*\S+\s*(?=[45]\d\d)/, ''))
  }
  return { text: reply.join('\n'), during: stageBefore(lines, at) }
}

function replyInText(lines: string[]): QuotedReply | null {
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').slice(0, 2000)
    const start = startOfReply(line, lines[at - 1] ?? '')
    if (start === -1) continue
    const reply = [line.slice(start)]
    for (let next = at + 1; next < lines.length && reply.length < LONGEST_REPLY_LINES; next += 1) {
      const more = lines[next] ?? ''
      if (more.trim() === '' || /^(?:<[^<>\s]{1,300}>:|\s*(?:>>>|-{4,}|={4,}|giving up))/i.test(more)) break
      reply.push(more.slice(0, 2000))
    }
    return { text: reply.join('\n'), during: stageBefore(lines, at, line.slice(0, start)) }
  }
  return null
}

function startOfReply(line: string, before: string): number {
  if (AT_START.test(line)) return line.search(/[45](?:\d\d|\.\d)/)
  const found = IN_LINE.exec(line.toLowerCase())
  if (found !== null) return found.index + found[0].search(/[45]\d\d/)
  // `host mx.example.org said: 550` may be folded right after the colon or before the code.
  if (/\bsaid:\s*$/i.test(before) && /^\s*[45]\d\d\b/.test(line)) return line.search(/[45]\d\d/)
  return -1
}

/** The command is named on the same line, or in the two before it. */
function stageBefore(lines: string[], at: number, sameLine = ''): Stage | null {
  return readStage(
    `${lines[at - 2] ?? ''} ${lines[at - 1] ?? ''} ${sameLine}`
      .toLowerCase()
      .replace(/\s+/g, ' ')
      .slice(-1000),
  )
}
