// `ayes classify`: what bounce messages mean, a line for each file, in order.
import { open, readFile as readWhole } from 'node:fs/promises'
import { readReport } from '../core/bounce/read-report.ts'
import { type Around, type Command, readArguments, UsageError } from './command.ts'
import { openOutput } from './output.ts'

/** As everywhere: of a longer report the first megabyte is read. */
const mostBytes = 1024 * 1024
/** A million names of files. */
const mostNames = 256 * 1024 * 1024
/** Files being read while one is being judged: enough for a slow disk, and little memory. */
const ahead = 16

export const run: Command = async (args, around) => {
  const { values, operands } = readArguments(args, ['files-from'])
  const listed = values.get('files-from')
  if (operands.length === 0 && listed === undefined) throw new UsageError('FILE is missing')
  if (listed === '-' && operands.includes('-')) throw new UsageError('- is given twice')
  const names = listed === undefined ? [] : await readNames(listed, around)
  if (names === null) return 1
  const files = [...operands, ...names]
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('- is given twice')
  const output = openOutput(around.stdout)
  const reading: Promise<Judged>[] = []
  let next = 0
  let failed = false
  const readAhead = () => {
    while (reading.length < ahead && next < files.length) reading.push(judge(files[next++] ?? '', around))
  }
  for (readAhead(); reading.length > 0; readAhead()) {
    const judged = await reading.shift()
    if (judged?.kind === 'judged') await output.line(judged.line)
    else if (judged !== undefined) {
      failed = true
      around.say([`${judged.file}: ${judged.why}`])
    }
  }
  await output.end()
  return failed ? 1 : 0
}

/** A name a line, or each ended by NUL, as `find -print0` writes them. */
async function readNames(list: string, around: Around): Promise<string[] | null> {
  try {
    const text = (list === '-' ? await readStream(around.stdin, mostNames) : await readWhole(list)).toString()
    return text.split(text.includes('\0') ? '\0' : /\r?\n/).filter((name) => name !== '')
  } catch (error) {
    around.say([`${list}: ${whyUnreadable(error)}`])
    return null
  }
}

type Judged = { kind: 'judged'; line: string } | { kind: 'unreadable'; file: string; why: string }

async function judge(file: string, around: Around): Promise<Judged> {
  let raw: Uint8Array
  try {
    raw = file === '-' ? await readStream(around.stdin, mostBytes) : await readFile(file)
  } catch (error) {
    return { kind: 'unreadable', file, why: whyUnreadable(error) }
  }
  const report = await readReport(raw)
  const line = JSON.stringify({
    file,
    is_bounce: report.isBounce,
    category: report.category,
    status: report.status,
    reply: report.reply,
    recipient: report.recipient,
    original_recipient: report.originalRecipient,
    forwarded: report.forwarded,
    reporter: report.reporter,
  })
  return { kind: 'judged', line }
}

/** To the end or the limit, whichever comes first; a pipe has no size and gives little at a time. */
async function readFile(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.allocUnsafe(size > 0 ? Math.min(size, mostBytes) : mostBytes)
    let length = 0
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await handle.close()
  }
}

async function readStream(stream: AsyncIterable<Uint8Array | string>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length >= most) break
  }
  return Buffer.concat(chunks)
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'is a directory: name the files in it',
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return words[code] ?? `cannot be read (${code || String(error)})`
}
