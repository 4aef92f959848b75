import type { Socket } from 'node:net'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { openSocket } from './open-socket.ts'
import { isTurnedAway } from './read-answers.ts'
import { isOnThisMachine, nameOf, type RelayTarget } from './relay-target.ts'
import { type RelayTls, readTls } from './relay-tls.ts'
import { type Awaited, commandOf, describe, whyBroken, whyLate, withoutSecret } from './relay-words.ts'

export type Envelope = { from: string; to: string; token: string }

/** The answers to the commands of one delivery, and what went wrong where the last of them is missing. */
export type Delivery = { answers: string[]; broken: string | null }

// A reply is kept with the letter: this is more than any real one has.
const longestReply = 64 * 1024
// How long the relay may take to close its side after we have closed ours.
const farewell = 1_000
// How long an answer is waited for that decides nothing any more.
const shortly = 5_000

// nodemailer sends single commands only as a login of one's own; no server offers one with a space in its name.
const senderOnly = 'MAIL FROM'

const inDelivery: readonly Awaited[] = ['MAIL FROM', 'RCPT TO', 'DATA', 'message']

/**
 * One connection to the relay, used for one letter after the other. nodemailer speaks; this class listens to its
 * transcript, because its errors do not say which command a broken connection has left unanswered.
 */
export class RelaySession {
  readonly #target: RelayTarget
  readonly #connection: SMTPConnection
  readonly #gone: Promise<unknown>
  #watch: NodeJS.Timeout | undefined
  #awaited: Awaited = 'greeting'
  #ehlo = ''
  /** Of the delivery under way; null between deliveries. */
  #answers: string[] | null = null
  #settle: ((broken: string | null) => void) | null = null
  #alive = true
  #delivered = 0
  #sender = ''
  #saidSecure = false

  /** Connects, secures and logs in. Rejects with an error whose message is for the admin. */
  static async open(target: RelayTarget): Promise<RelaySession> {
    const socket = await openSocket(target)
    target.observe?.({ step: 'connection', answer: null })
    const session = new RelaySession(target, socket)
    await session.#perform('greeting', (done) => session.#connection.connect(done))
    if (target.login !== null) await session.#login(target.login)
    return session
  }

  private constructor(target: RelayTarget, socket: Socket) {
    this.#target = target
    const { host, port, secure, name, timeouts } = target
    // nodemailer's timers count silence, so that a relay which trickles is never late for them: ours come first.
    const backstop = timeouts.greeting + timeouts.command + timeouts.message
    this.#connection = new SMTPConnection({
      connection: socket,
      host,
      port,
      secure,
      name,
      // A certificate proves nothing about this machine to itself, and Debian's Postfix has one that nobody signed.
      tls: secure || !isOnThisMachine(host) ? {} : { rejectUnauthorized: false },
      transactionLog: true,
      logger: this.#listener(),
      customAuth: { [senderOnly]: ({ sendCommand }) => sendCommand(`MAIL FROM:<${this.#sender}>`) },
      maxResponseSize: longestReply,
      socketCloseTimeout: farewell,
      connectionTimeout: backstop,
      greetingTimeout: backstop,
      socketTimeout: backstop,
    })
    this.#gone = new Promise((resolve) => socket.once('close', resolve))
    this.#connection.on('error', (error) => this.#end(this.#explain(error)))
    this.#connection.on('end', () => this.#end(this.#explain(new Error('Connection closed'))))
  }

  /** False once the connection can carry no further letter. */
  get alive(): boolean {
    return this.#alive
  }

  /** Letters handed over so far: a connection that has stood idle may be dead without our knowing. */
  get delivered(): number {
    return this.#delivered
  }

  get secure(): boolean {
    return this.#connection.secure
  }

  get tls(): RelayTls | null {
    return readTls(this.#connection._socket)
  }

  /** What the relay offers: the lines of its answer to EHLO, without the first, in upper case. */
  get offers(): string[] {
    const [, ...lines] = this.#ehlo.split(/\r?\n/)
    return lines.map((line) =>
      line
        .replace(/^\d{3}[ -]/, '')
        .trim()
        .toUpperCase(),
    )
  }

  get offersSmtpUtf8(): boolean {
    return /^\d{3}[ -]SMTPUTF8\b/im.test(this.#ehlo)
  }

  /** Whether letters of this sender would be taken, without one: `reset` is due after it. */
  async tryMailFrom(sender: string): Promise<Delivery> {
    const answers: string[] = []
    this.#answers = answers
    this.#sender = sender
    const credentials = { user: '-', pass: '-' }
    const broken = await this.#perform('MAIL FROM', (done) =>
      this.#connection.login({ method: senderOnly, credentials }, done),
    ).then(() => null, describe)
    this.#answers = null
    return { answers, broken }
  }

  async deliver(envelope: Envelope, raw: Buffer): Promise<Delivery> {
    const answers: string[] = []
    this.#answers = answers
    this.#delivered++
    const dsn = { ret: 'HDRS', envid: envelope.token, notify: 'FAILURE' }
    const broken = await this.#perform('MAIL FROM', (done) =>
      this.#connection.send({ from: envelope.from, to: [envelope.to], dsn }, raw, done),
    ).then(() => null, describe)
    this.#answers = null
    return { answers, broken }
  }

  /** Makes the connection ready for the next letter after one that was turned away. */
  async reset(): Promise<void> {
    await this.#perform('RSET', (done) => this.#connection.reset(done)).catch(() => this.#connection.close())
  }

  /** Says goodbye where anybody listens, and waits until the connection is closed. */
  async quit(): Promise<void> {
    if (this.#alive) {
      this.#connection.quit()
      setTimeout(() => this.#connection.close(), farewell).unref()
    } else {
      this.#connection.close()
    }
    await this.#gone
  }

  async #login({ user, password }: { user: string; password: string }): Promise<void> {
    try {
      if (!this.#connection.allowsAuth) {
        throw new Error(`${nameOf(this.#target)} offers no login, but SMTP_URL has a user`)
      }
      const credentials = { user, pass: password }
      await this.#perform('login', (done) => this.#connection.login({ credentials }, done))
    } catch (error) {
      this.#connection.close()
      throw new Error(withoutSecret(describe(error), password))
    }
  }

  /** One exchange with the relay: ends with its callback, with the connection, or when an answer is overdue. */
  #perform(awaited: Awaited, start: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const settle = (broken: string | null) => {
        clearTimeout(this.#watch)
        this.#settle = null
        if (broken === null) resolve()
        else reject(new Error(broken))
      }
      this.#settle = settle
      this.#waitFor(awaited)
      start((error) => {
        if (this.#settle === settle) settle(error ? this.#explain(error) : null)
      })
    })
  }

  #waitFor(awaited: Awaited, most = Number.POSITIVE_INFINITY): void {
    const { greeting, command, message } = this.#target.timeouts
    const usual = awaited === 'greeting' ? greeting : awaited === 'message' ? message : command
    const limit = Math.min(usual, most)
    this.#awaited = awaited
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => {
      this.#end(whyLate(awaited, this.#target, limit))
      this.#connection.close()
    }, limit)
  }

  #end(broken: string): void {
    this.#alive = false
    this.#settle?.(broken)
  }

  #explain(error: Error & { response?: string }): string {
    // An unfinished last line of a connection that was cut is no answer.
    const unfinished = error.message.startsWith('Connection closed') && error.response !== undefined
    if (unfinished && this.#answers !== null) {
      this.#answers.pop()
      this.#awaited = inDelivery[this.#answers.length] ?? this.#awaited
    }
    return whyBroken(error, this.#awaited, this.#target)
  }

  #listener(): Exclude<SMTPConnection.Options['logger'], boolean | undefined> {
    const ignore = () => undefined
    const debug = (entry: { tnx?: string }, line: string) => {
      if (entry.tnx === 'client') this.#onCommand(line)
      if (entry.tnx === 'server') this.#onAnswer(line)
    }
    return { debug, trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore }
  }

  #onCommand(line: string): void {
    // Within a delivery the answers count, since with PIPELINING the commands go out ahead of them.
    if (this.#settle !== null && this.#answers === null) this.#waitFor(commandOf(line))
  }

  #tell(answer: string): void {
    const { observe, login } = this.#target
    if (observe !== undefined && this.secure && !this.#saidSecure) {
      this.#saidSecure = true
      observe({ step: 'TLS', answer: this.tls?.protocol ?? null })
    }
    const step = this.#answers === null ? this.#awaited : (inDelivery[this.#answers.length] ?? this.#awaited)
    observe?.({ step, answer: login === null ? answer : withoutSecret(answer, login.password) })
  }

  #onAnswer(text: string): void {
    // What a database and a page can hold: no control characters but the line breaks of a long answer.
    const answer = text.replace(/[^\P{Cc}\t\n]/gu, '?')
    if (this.#awaited === 'EHLO') this.#ehlo = answer
    this.#tell(answer)
    if (this.#answers === null) return
    this.#answers.push(answer)
    const next = inDelivery[this.#answers.length]
    if (this.#settle === null || next === undefined) return
    this.#waitFor(next, isTurnedAway(this.#answers) ? shortly : undefined)
  }
}
