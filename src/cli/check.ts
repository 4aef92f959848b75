// `ayes check`: goes over a list that is there already, and writes it again with what is wrong with each address.
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { parse } from 'csv-parse'
import { stringify } from 'csv-stringify/sync'
import type { Suggester } from '../core/suggestion.ts'
import { openResolver, systemServers } from '../dns.ts'
import { insteadOf } from '../flows/examine-address.ts'
import { noMailDomains, openMailDomains } from '../flows/mail-domains.ts'
import { showProgress } from '../terminal.ts'
import { askPolitely } from './check/ask-politely.ts'
import { delimiterOf, lineEndOf, shapeOf } from './check/csv-shape.ts'
import { columns, type Judged, judgeAddress } from './check/judge-address.ts'
import { type Around, type Command, readArguments, UsageError } from './command.ts'
import { openOutput } from './output.ts'
import { openOwnSuggester } from './own-suggester.ts'

/** Enough to tell the column, and for a hundred questions to the DNS at a time. */
const batchRows = 1_000
const longestRow = 1024 * 1024
const usualRate = 50

export const run: Command = async (args, around) => {
  const { values, operands } = readArguments(args, ['column', 'out', 'dns-rate'], ['dns'])
  const [file, ...more] = operands
  if (file === undefined) throw new UsageError('FILE is missing')
  if (more.length > 0) throw new UsageError(`${JSON.stringify(more[0])} is one word too many`)
  const rate = Number(values.get('dns-rate') ?? usualRate)
  if (!(rate >= 1 && rate <= 1_000)) throw new UsageError('--dns-rate is a number from 1 to 1000')
  const out = values.get('out') ?? null
  if (out === null) return checkInto(around.stdout)
  if (existsSync(out)) throw new UsageError(`${out} is there already: name a new file`)
  // A list that was checked by half must not look whole.
  const temporary = `${out}.${process.pid}.part`
  const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600 })
  try {
    const status = await checkInto(target)
    await rename(temporary, out)
    return status
  } catch (error) {
    target.destroy()
    await rm(temporary, { force: true })
    throw error
  }

  async function checkInto(target: Writable): Promise<number> {
    const dns = values.has('dns') ? await openDns(around) : null
    try {
      const counts = await check({
        file: file ?? '',
        column: values.get('column') ?? null,
        rate,
        dns,
        around,
        target,
      })
      around.say(summary(counts, dns?.unknown() ?? null))
      return 0
    } finally {
      await dns?.domains.close()
      if (target !== around.stdout) await new Promise<void>((resolve) => target.end(resolve))
    }
  }
}

type Dns = Awaited<ReturnType<typeof openDns>>

/** Nobody waits at a form: a slow server gets five seconds, and one server's no counts as everywhere. */
async function openDns(around: Around) {
  const { readSettings } = await import('./open-installation.ts')
  const servers = readSettings(around).dns.servers ?? systemServers()
  let unknown = 0
  const domains = openMailDomains({
    resolvers: servers.map((server) => openResolver({ servers: [server], timeoutMs: 5_000 })),
    patienceMs: 20_000,
    observe: (result) => {
      if (result === 'unknown') unknown += 1
    },
  })
  return { domains, unknown: () => unknown }
}

type Checking = {
  file: string
  column: string | null
  rate: number
  dns: Dns | null
  around: Around
  target: Writable
}

type Counts = Record<Judged['status'], number>

async function check({ file, column, rate, dns, around, target }: Checking): Promise<Counts> {
  const input = file === '-' ? around.stdin : createReadStream(file, { highWaterMark: 256 * 1024 })
  const size = file === '-' ? null : (await stat(file)).size
  const { beginning, rest } = await begin(input)
  const delimiter = delimiterOf(beginning)
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  })
  const feeding = feed(rest, parser)
  const output = openOutput(target)
  const asking = askPolitely(dns?.domains ?? noMailDomains, rate)
  const suggester = openOwnSuggester(around)
  const counts: Counts = { ok: 0, suggestion: 0, invalid: 0, 'no-mail': 0 }
  const options = { delimiter, record_delimiter: lineEndOf(beginning) }
  let at: number | null = null
  let width = 0
  let rows = 0

  async function write(batch: string[][]): Promise<void> {
    const lines: string[][] = []
    if (at === null) {
      const shape = shapeOf(batch, column)
      at = shape.column
      width = batch[0]?.length ?? 0
      if (shape.hasHeader) lines.push([...(batch.shift() ?? []), ...columns])
    }
    const judged = batch.map((row) => judgeAddress(row[at ?? 0] ?? '', suggester))
    const dead =
      dns === null
        ? null
        : await asking.deadAmong(judged.flatMap(({ address }) => (address === null ? [] : [address])))
    for (const [index, row] of batch.entries()) {
      const verdict = withDns(judged[index] ?? judgeAddress('', suggester), dead, suggester)
      counts[verdict.status] += 1
      const said = [verdict.status, verdict.reason, harmless(verdict.suggestion)]
      lines.push([...fitted(row, width), ...said, ...row.slice(width)])
    }
    rows += batch.length
    await output.write(stringify(lines, options))
    showProgress(() => progress(rows, size === null ? null : parser.info.bytes / size))
  }

  let batch: string[][] = []
  for await (const row of parser as AsyncIterable<string[]>) {
    around.signal.throwIfAborted()
    batch.push(row)
    if (batch.length < batchRows) continue
    await write(batch)
    batch = []
  }
  if (batch.length > 0 || at === null) await write(batch)
  await feeding
  showProgress(null)
  await output.end()
  return counts
}

/** The first piece of the input, and the input with it. */
async function begin(input: Readable): Promise<{ beginning: string; rest: AsyncIterable<Uint8Array> }> {
  const pieces = input[Symbol.asyncIterator]()
  const first = await pieces.next()
  const bytes: Uint8Array = first.done === true ? new Uint8Array() : Buffer.from(first.value)
  async function* all() {
    yield bytes
    for (;;) {
      const piece = await pieces.next()
      if (piece.done === true) return
      yield Buffer.from(piece.value)
    }
  }
  return { beginning: new TextDecoder().decode(bytes.subarray(0, 64 * 1024)), rest: all() }
}

async function feed(rest: AsyncIterable<Uint8Array>, parser: Writable): Promise<void> {
  try {
    for await (const piece of rest) {
      if (!parser.write(piece)) await new Promise((resolve) => parser.once('drain', resolve))
    }
    parser.end()
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

function withDns(judged: Judged, dead: ReadonlySet<string> | null, suggester: Suggester): Judged {
  const { address } = judged
  if (address === null || dead?.has(address.domain) !== true) return judged
  const instead = judged.suggestion || (insteadOf(suggester, address)?.email ?? '')
  return { status: 'no-mail', reason: 'domain-takes-no-mail', suggestion: instead, address }
}

/** Short rows are filled up and what a long one has too much comes last, so that our columns stand under their names. */
function fitted(row: readonly string[], width: number): string[] {
  return Array.from({ length: width }, (_, at) => row[at] ?? '')
}

/** A spreadsheet takes a cell that begins so for a formula. */
function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

function progress(rows: number, share: number | null): string {
  const part = share === null ? '' : `, ${Math.min(100, Math.floor(share * 100))} %`
  return `${rows.toLocaleString('en')} rows${part}`
}

function summary(counts: Counts, unknown: number | null): string[] {
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0)
  const lines = [
    `${rows} rows: ${counts.ok} ok, ${counts.suggestion} look mistyped, ${counts.invalid} invalid` +
      (unknown === null ? '.' : `, ${counts['no-mail']} with a domain that takes no mail.`),
  ]
  if (unknown !== null && unknown > 0) {
    lines.push(
      `The DNS gave no certain answer about ${unknown} domains: those addresses are not held against them.`,
    )
  }
  return lines
}
