// Where messages go once they are read. Servers divide levels by signs of their own and may keep all folders of a user
// below INBOX; imapflow puts that prefix before the paths it is given.
import type { ImapFlow } from 'imapflow'
import { ImapTrouble } from './trouble.ts'

export type Filed = 'handled' | 'unmatched'

export type Folders = Readonly<Record<Filed, string>>

/** Two processes may do this at once: what the other has made is as good. */
export async function makeFolders(client: ImapFlow): Promise<Folders> {
  // A server without levels has no sign for them.
  const sign = client.namespace?.delimiter || '-'
  const folders = { handled: `Ayes${sign}handled`, unmatched: `Ayes${sign}unmatched` }
  for (const path of Object.values(folders)) await makeFolder(client, path)
  return folders
}

async function makeFolder(client: ImapFlow, path: string): Promise<void> {
  if (await exists(client, path)) return
  const refusal = await create(client, path)
  if (refusal === null || (await exists(client, path))) return
  // Not every server makes the levels above by itself (RFC 3501, section 6.3.3, only says that it should).
  await create(client, 'Ayes')
  const again = await create(client, path)
  if (again !== null && !(await exists(client, path))) throw new ImapTrouble('no-folder-of-ours', again)
}

/** Null, or why the server refused. */
async function create(client: ImapFlow, path: string): Promise<unknown> {
  try {
    await client.mailboxCreate(path)
    return null
  } catch (error) {
    if (!client.usable) throw error
    return error
  }
}

async function exists(client: ImapFlow, path: string): Promise<boolean> {
  try {
    return (await client.status(path, { uidNext: true })) !== false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'NotFound') return false
    throw error
  }
}
