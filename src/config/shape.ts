// What the settings come to once they are read and checked. Times are in seconds.

export type Rate = { count: number; seconds: number }

/** `bounces@example.com` gives `bounces+TOKEN@example.com`, `*@bounce.example.com` gives `TOKEN@bounce.example.com`. */
export type BounceAddress =
  | { kind: 'plus'; local: string; domain: string }
  | { kind: 'wildcard'; domain: string }

export type Dkim = { domain: string; selector: string; privateKey: string }

export type Role = 'http' | 'send' | 'bounces' | 'purge'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type HttpConfig = {
  port: number
  host: string
  /** Without a slash at its end. Null when PORT is 0 and PUBLIC_URL is not set: it follows from the bound port. */
  publicUrl: string | null
  trustProxy: number
  allowedOrigins: '*' | readonly string[]
}

export type MailConfig = {
  /** Null: the dev mailbox. */
  smtpUrl: string | null
  smtpName: string
  from: { name: string; address: string }
  dkim: Dkim | null
  /** Null: letters leave with the address of `from` as envelope sender. */
  bounceAddress: BounceAddress | null
  concurrency: number
  devMailbox: 'off' | 'local' | 'exposed'
}

export type LimitsConfig = {
  signupsPerClient: Rate | null
  lettersPerList: Rate | null
  lettersPerMailbox: Rate | null
}

export type TimesConfig = {
  confirmWithin: number
  forgetAfter: number
  keepIp: number
  keepUnsubscribed: number
  suppressFor: number
}

export type SecretsConfig = {
  /** Null: generated into the data directory. */
  adminToken: string | null
  /** Null: generated into the data directory. */
  secretKey: string | null
  oldSecretKeys: readonly string[]
  bounceToken: string | null
  metricsToken: string | null
}

export type Config = {
  http: HttpConfig
  dataDir: string
  /** Null: a PostgreSQL server of our own in `dataDir`. */
  databaseUrl: string | null
  mail: MailConfig
  limits: LimitsConfig
  times: TimesConfig
  secrets: SecretsConfig
  roles: readonly Role[]
  logLevel: LogLevel
}
