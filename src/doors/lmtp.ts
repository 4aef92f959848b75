// BOUNCE_LISTEN: mail servers hand in what came back, by LMTP or SMTP. It takes mail for our return paths alone and
// answers 250 only when the database has it; what cannot be written now is 451, and its sender tries again.
import { isIPv6 } from 'node:net'
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server'
import type { BounceListenerConfig } from '../config.ts'
import { isReturnPath } from '../flows/is-return-path.ts'
import { receiveMessage } from '../flows/receive-message.ts'
import type { Service } from '../flows/service.ts'
import { CannotListen } from './http/shell/serve.ts'
import { type ListenerLimits, listenerLimits } from './lmtp/limits.ts'
import { readMessage } from './lmtp/read-message.ts'
import { openSessions, type Session } from './lmtp/sessions.ts'
import { openTurns } from './lmtp/turns.ts'

export type BounceListenerOptions = {
  readonly place: BounceListenerConfig
  /** Our name in the greeting. */
  readonly name: string
  readonly service: Service
  readonly isDatabaseAway: (error: unknown) => boolean
  readonly limits?: Partial<ListenerLimits>
}

/** `url`: where it listens, with the port that it got. */
export type BounceListener = { readonly url: string; close(): Promise<void> }

// Nobody logs in here, and nobody is entertained.
const unwanted = ['AUTH', 'HELP', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD']

const taken = '2.6.0 Taken'

export async function openBounceListener(options: BounceListenerOptions): Promise<BounceListener> {
  const { place, service } = options
  const { protocol, certificate } = place
  const limits = { ...listenerLimits, ...options.limits }
  const turns = openTurns(limits.reportsAtOnce)
  const sessions = openSessions(() => server, limits)
  const server: SMTPServer = new SMTPServer({
    lmtp: protocol === 'lmtp',
    name: options.name,
    heloResponse: '%s',
    // Its own codes would call a message that is too large a full mailbox: our answers carry theirs.
    hideENHANCEDSTATUSCODES: true,
    disabledCommands: certificate === null ? [...unwanted, 'STARTTLS'] : unwanted,
    ...(certificate === null ? {} : { cert: certificate.chain, key: certificate.key }),
    // What an address must be like is isReturnPath's to say, so that anything else is 550 and not 501.
    lenientAddressParsing: true,
    disableReverseLookup: true,
    logger: false,
    size: limits.messageBytes,
    maxClients: limits.sessions,
    maxRecipients: limits.recipients,
    maxCommandLength: limits.commandBytes,
    socketTimeout: limits.idleMs,
    closeTimeout: limits.finishMs,
    onConnect(session, callback) {
      callback(
        sessions.open(session) ? null : refusal(421, '4.7.0 Too many connections from you, try again later'),
      )
    },
    onMailFrom(_sender, session, callback) {
      const state = sessions.get(session)
      if (state !== undefined) state.recipients = []
      callback()
    },
    onRcptTo({ address }, session, callback) {
      callback(mayWriteTo(address, sessions.get(session)))
    },
    onData(stream, session, callback) {
      const answered = sessions.during(session, async (state) => {
        const answers = await answersTo(stream, state, session)
        // SMTP has one answer for all recipients: what one of them must hear again, all do.
        const wrong = answers.find((answer) => answer instanceof Error)
        if (protocol === 'lmtp') callback(null, answers)
        else callback(wrong ?? null, taken)
      })
      answered.catch((error: unknown) => {
        service.log.error('bounce-session-failed', { error })
        sessions.dismiss(session, '4.3.0 This cannot be answered now')
      })
    },
    onClose: (session) => sessions.close(session),
  })
  // Handshakes that fail, connections that break: their senders' affair.
  server.on('error', (error) => service.log.debug('bounce-session-failed', { error }))

  function mayWriteTo(address: string, state: Session | undefined): SMTPServerError | null {
    if (state === undefined) return refusal(421, '4.3.2 Good bye')
    if (!isReturnPath(service, address)) {
      if (++state.refused > limits.refusedRecipients) return refusal(421, '4.7.0 Too many unknown recipients')
      return refusal(550, '5.1.1 No such mailbox here')
    }
    if (state.recipients.length >= limits.recipients) return refusal(451, '4.5.3 Too many recipients')
    state.recipients.push(address)
    return null
  }

  async function answersTo(
    stream: SMTPServerDataStream,
    state: Session,
    session: SMTPServerSession,
  ): Promise<(string | Error)[]> {
    const { recipients } = state
    const reading = await readMessage(stream, limits)
    if (reading.kind === 'too-large') return recipients.map(() => refusal(552, '5.3.4 Message too large'))
    if (reading.kind === 'broken-off') {
      sessions.dismiss(session, '4.3.2 Message too large, or broken off')
      return recipients.map(() => refusal(451, '4.4.2 Message broken off'))
    }
    state.doing = 'recording'
    const { raw } = reading
    const answers = new Map<string, Promise<string | Error>>()
    for (const recipient of recipients) {
      if (!answers.has(recipient))
        answers.set(
          recipient,
          turns.take(() => take(raw, recipient)),
        )
    }
    return Promise.all(recipients.map(async (recipient) => (await answers.get(recipient)) ?? tryAgain()))
  }

  async function take(raw: Buffer, recipient: string): Promise<string | Error> {
    try {
      const { matched, category } = await receiveMessage(service, { door: protocol, raw, recipient })
      service.log.debug('bounce-taken', { door: protocol, matched, category })
      return taken
    } catch (error) {
      const isAway = options.isDatabaseAway(error)
      if (isAway) service.metrics.databaseError()
      service.log[isAway ? 'warn' : 'error']('bounce-not-taken', { door: protocol, isAway, error })
      return tryAgain()
    }
  }

  await listen(server, place, limits)
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : place.port
  const url = `${protocol}://${isIPv6(place.host) ? `[${place.host}]` : place.host}:${port}`
  service.log.info('bounce-listener-open', { url, port, starttls: certificate !== null })
  return {
    url,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(resolve))
      sessions.end()
      await closed
      await turns.settled()
    },
  }
}

function tryAgain(): SMTPServerError {
  return refusal(451, '4.3.0 The report cannot be written now, try again later')
}

function refusal(responseCode: number, words: string): SMTPServerError {
  return Object.assign(new Error(words), { responseCode })
}

function listen(server: SMTPServer, place: BounceListenerConfig, limits: ListenerLimits): Promise<void> {
  server.server.maxConnections = limits.sockets
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, place)))
    server.listen(place.port, place.host, () => resolve())
  })
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: BounceListenerConfig): Error {
  const where = `port ${port} on ${host}`
  const words: Record<string, string> = {
    EADDRINUSE: `${where} is in use by another process: stop that one, or set BOUNCE_LISTEN to another port`,
    EACCES: `this user may not listen on ${where}: set BOUNCE_LISTEN to a port from 1024 on, such as lmtp://127.0.0.1:2424`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set BOUNCE_LISTEN to one that is, or to 127.0.0.1`,
    ENOTFOUND: `${host} is not a name that resolves to an address: set BOUNCE_LISTEN to an address of this machine`,
  }
  const text = words[error.code ?? ''] ?? `${where} cannot be listened on (${error.code ?? error.message})`
  return new CannotListen(text.charAt(0).toUpperCase() + text.slice(1), { cause: error })
}
