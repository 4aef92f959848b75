// What a stranger may use up at the bounce listener, each with its reason.

export type ListenerLimits = {
  readonly sessions: number
  readonly sessionsOfOneClient: number
  readonly sockets: number
  readonly recipients: number
  readonly refusedRecipients: number
  readonly commandBytes: number
  readonly messageBytes: number
  readonly keptBytes: number
  readonly reportsAtOnce: number
  readonly idleMs: number
  readonly sessionMs: number
  readonly finishMs: number
}

const megabyte = 1024 * 1024

export const listenerLimits: ListenerLimits = {
  /** Mail servers open a handful; each may hold a megabyte of a report. */
  sessions: 100,
  /** Above the 20 that Postfix opens to one destination; one IPv6 /64 is one client. */
  sessionsOfOneClient: 25,
  /** Those that are told "too many" need a socket for that moment. Beyond it the system refuses. */
  sockets: 200,
  /** RFC 5321, 4.5.3.1.8: at least 100. A report about a letter of ours has one. */
  recipients: 100,
  /** Who asks for so many that are not ours is looking for addresses. */
  refusedRecipients: 50,
  /** RFC 5321, 4.5.3.1.4: 512 and what extensions add; ORCPT alone adds 500 (RFC 3461, 5.4). */
  commandBytes: 4_096,
  /** As at POST /bounces/message; of a longer report only the first megabyte is read. */
  messageBytes: 5 * megabyte,
  keptBytes: megabyte,
  /** Of the database's 12 connections, so that a flood of reports leaves most of them to visitors. */
  reportsAtOnce: 4,
  /** A server with a report does not pause. RFC 5321 would wait for 5 minutes, which only those use who hold sessions. */
  idleMs: 60_000,
  /** Five megabytes are through in this time on any line; who drips bytes is not. */
  sessionMs: 10 * 60_000,
  /** Within the seven seconds that the service has for work in progress when it ends. */
  finishMs: 5_500,
}
