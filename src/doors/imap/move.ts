// Takes messages that were read out of the mailbox, and nothing else.
import type { ImapFlow } from 'imapflow'
import type { Folders } from './folders.ts'
import type { Memory } from './memory.ts'

/** Moves those of `uids` whose outcome is known; false where the server refused. */
export async function moveAway(
  client: ImapFlow,
  folders: Folders,
  { memory, uids }: { memory: Memory; uids: readonly number[] },
): Promise<boolean> {
  let isDone = true
  for (const filed of ['handled', 'unmatched'] as const) {
    const those = uids.filter((uid) => memory.outcomes.get(uid)?.filed === filed)
    if (those.length === 0) continue
    const moved = client.capabilities.has('MOVE')
      ? (await client.messageMove(rangeOf(those), folders[filed], { uid: true })) !== false
      : await moveByCopy(client, folders[filed], { memory, uids: those })
    if (moved && client.usable) for (const uid of those) memory.outcomes.delete(uid)
    else isDone = false
  }
  return isDone
}

/** For servers without MOVE (RFC 6851). */
async function moveByCopy(
  client: ImapFlow,
  folder: string,
  { memory, uids }: { memory: Memory; uids: readonly number[] },
): Promise<boolean> {
  const fresh = uids.filter((uid) => memory.outcomes.get(uid)?.isCopied !== true)
  if (fresh.length > 0) {
    const copied = await client.messageCopy(rangeOf(fresh), folder, { uid: true })
    if (copied === false) return false
    for (const uid of fresh) {
      const outcome = memory.outcomes.get(uid)
      if (outcome !== undefined) outcome.isCopied = true
    }
  }
  // Without UIDPLUS there is only the EXPUNGE that removes whatever anybody has marked as deleted. The mark alone will
  // do: messages that bear it are never read again, and who looks after the mailbox expunges them.
  return client.capabilities.has('UIDPLUS')
    ? client.messageDelete(rangeOf(uids), { uid: true })
    : client.messageFlagsAdd(rangeOf(uids), ['\\Deleted'], { uid: true, silent: true })
}

function rangeOf(uids: readonly number[]): string {
  return uids.join(',')
}
