// A small IMAP server on a real socket, for what no server that can be installed does: it lacks what it is told to
// lack, and fails when it is told to fail.
import { createServer } from 'node:net'
import { listeningPort } from './listening-port.ts'
import { newMailbox, put } from './mailboxes.ts'
import type { ImapServer, ImapSession } from './server-state.ts'
import { serve } from './session.ts'

export type { ImapServer } from './server-state.ts'

export const everything = ['MOVE', 'UIDPLUS', 'IDLE', 'NAMESPACE']

export async function startImapServer(changes: Partial<ImapServer> = {}, atPort = 0): Promise<ImapServer> {
  const inbox = changes.inbox ?? newMailbox(7)
  const sessions = new Set<ImapSession>()
  const listener = createServer((socket) => {
    const session = serve(socket, server)
    sessions.add(session)
    socket.on('close', () => sessions.delete(session))
  })
  const port = await listeningPort(listener, atPort)
  const server: ImapServer = {
    port,
    password: 'p@ss/word%"\\ of the mailbox',
    capabilities: everything,
    delimiter: '/',
    prefix: '',
    get sign() {
      return server.delimiter === '' ? 'NIL' : `"${server.delimiter}"`
    },
    isReadOnly: false,
    ignoresPartial: false,
    mailboxes: new Map([['INBOX', inbox]]),
    inbox,
    said: [],
    longestFetched: 0,
    sessions,
    fault: () => null,
    create(name) {
      if (server.mailboxes.has(name)) return 'NO it is there'
      server.mailboxes.set(name, newMailbox(11))
      return 'OK done'
    },
    deliver(raw, flags) {
      const { uid } = put(inbox, Buffer.from(raw), flags)
      server.changed()
      return uid
    },
    changed() {
      for (const session of sessions) session.sync()
    },
    texts: (name) => (server.mailboxes.get(name)?.messages ?? []).map(({ raw }) => raw.toString('latin1')),
    async close() {
      for (const { socket } of sessions) socket.destroy()
      const { promise, resolve } = Promise.withResolvers<void>()
      listener.close(() => resolve())
      await promise
    },
    ...changes,
  }
  return server
}
