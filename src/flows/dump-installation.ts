// Everything out of an installation, database and secrets, into one file that only its owner may read.
import { once } from 'node:events'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { createGzip } from 'node:zlib'
import { type DumpedRows, DumpRefusal, type DumpSource, dumpDatabase } from '../store/dump.ts'

export { DumpRefusal }

export type DumpOutcome =
  | { readonly kind: 'dumped'; readonly rows: DumpedRows; readonly bytes: number }
  | { readonly kind: 'refused'; readonly why: string }

/** Beyond this the file hardly gets smaller, and the database is held up. */
const gzipLevel = 3

/** Never over a file that is there; one that did not become whole is taken away again. */
export async function dumpInstallation(
  source: Omit<DumpSource, 'write'>,
  file: string,
): Promise<DumpOutcome> {
  const handle = await open(file, 'wx', 0o600).catch(failedToOpen)
  if (typeof handle === 'string') return { kind: 'refused', why: `${file} ${handle}` }
  try {
    const gzip = createGzip({ level: gzipLevel })
    const written = writeAll(handle, gzip)
    // Whoever waits for it is told below; until then a full disk must not end the process.
    written.catch(() => {})
    const write = async (bytes: Uint8Array) => {
      if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written])
    }
    try {
      const rows = await dumpDatabase({ ...source, write })
      gzip.end()
      return { kind: 'dumped', rows, bytes: await written }
    } finally {
      gzip.destroy()
      await written.catch(() => {})
    }
  } catch (error) {
    await unlink(file).catch(() => {})
    if (error instanceof DumpRefusal) return { kind: 'refused', why: error.message }
    throw error
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, source: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0
  for await (const chunk of source) bytes += (await handle.write(chunk)).bytesWritten
  await handle.sync()
  return bytes
}

function failedToOpen(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EEXIST') return 'is there already: name another file, or move that one away'
  if (code === 'ENOENT') return 'cannot be made: its directory is not there'
  return `cannot be made (${String(code)})`
}
