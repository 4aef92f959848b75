// Who is connected: how many of one client, whom a transaction is for, and when a session has lasted long enough.
import type { SMTPServer, SMTPServerSession } from 'smtp-server'
import { clientKeys } from '../http/shell/client.ts'
import type { ListenerLimits } from './limits.ts'

export type Session = {
  readonly client: string
  readonly deadline: NodeJS.Timeout
  /** One for each RCPT that was answered 250, repeated ones too: LMTP answers each (RFC 2033, 4.2). */
  recipients: string[]
  refused: number
  doing: 'nothing' | 'receiving' | 'recording'
  isOver: boolean
}

export type Sessions = ReturnType<typeof openSessions>

export function openSessions(server: () => SMTPServer, limits: ListenerLimits) {
  const sessions = new Map<string, Session>()
  const perClient = new Map<string, number>()
  let isEnding = false

  function dismiss({ id }: Pick<SMTPServerSession, 'id'>, why: string): void {
    for (const connection of server().connections) {
      if (connection.session.id === id) connection.send(421, why)
    }
  }

  function watch(session: SMTPServerSession): NodeJS.Timeout {
    return setTimeout(() => {
      const state = sessions.get(session.id)
      if (state !== undefined) state.isOver = true
      // What is being written is answered first.
      if (state?.doing !== 'recording') dismiss(session, '4.3.2 This session has lasted long enough')
    }, limits.sessionMs).unref()
  }

  return {
    /** False where it must be refused. */
    open(session: SMTPServerSession): boolean {
      const [client = 'unknown'] = clientKeys(session.remoteAddress)
      const count = perClient.get(client) ?? 0
      if (isEnding || count >= limits.sessionsOfOneClient) return false
      perClient.set(client, count + 1)
      sessions.set(session.id, {
        client,
        deadline: watch(session),
        recipients: [],
        refused: 0,
        doing: 'nothing',
        isOver: false,
      })
      return true
    },
    get: (session: SMTPServerSession): Session | undefined => sessions.get(session.id),
    /** A session that is sent away meanwhile goes when its message has been answered. */
    async during(session: SMTPServerSession, work: (state: Session) => Promise<void>): Promise<void> {
      const state = sessions.get(session.id)
      if (state === undefined) return
      state.doing = 'receiving'
      try {
        await work(state)
      } finally {
        state.doing = 'nothing'
        if (isEnding || state.isOver) dismiss(session, '4.3.2 Good bye')
      }
    },
    dismiss,
    close(session: SMTPServerSession): void {
      const state = sessions.get(session.id)
      if (state === undefined) return
      clearTimeout(state.deadline)
      sessions.delete(session.id)
      const count = (perClient.get(state.client) ?? 1) - 1
      if (count > 0) perClient.set(state.client, count)
      else perClient.delete(state.client)
    },
    /** Sends everybody away who is not in the middle of a report. */
    end(): void {
      isEnding = true
      for (const { session } of server().connections) {
        const doing = sessions.get(session.id)?.doing ?? 'nothing'
        if (doing === 'nothing') dismiss(session, '4.3.2 Shutting down')
      }
    },
  }
}
