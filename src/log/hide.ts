// What must not be read in a log at any level: whole mail addresses, tokens of ours, passwords and keys.
// Addresses keep their domain, since that is what an operator looks for when letters come back.

export type Hide = {
  text(text: string): string
  /** An exact value that is to be hidden wherever it turns up from now on. */
  add(secret: string): void
}

// Shorter ones would hide parts of ordinary words.
const shortestSecret = 8
const longestText = 4_000

const urlPassword = /:\/\/[^\s/@]{0,500}@/g
const credentials = /\b(bearer|basic)\s+[^\s"',;]{6,}/gi
// Behind /api stand ids, which open nothing. The dots keep source files in a stack readable.
const tokenPath =
  /(?<!\/api)\/(confirm|unsubscribe|not-me|signups)\/(?![\w-]*\.[jt]s\b)(?:[\w-]|%[0-9a-f]{2}){8,}/gi
// The @ also as URLs carry it, once or twice encoded, and in its full width.
const mailAddress =
  /(?:"[^"\n]{1,128}"|[^\s<>()[\],;:"\\/@]{1,128})(@|%(?:25){0,3}40|[＠﹫])(?=[^\s<>()[\],;:"\\/@])/g
const returnToken = /(?<![a-z0-9])[a-z2-7]{42}(?![a-z0-9])/gi
// Tokens and handles are longer than a UUID or any word, and have a digit.
const longRun = /(?<![\w-])(?=[\w-]*\d)[\w-]{40,}/g

export function openHide(secrets: readonly string[] = []): Hide {
  const known: string[] = []

  function add(secret: string): void {
    if (secret.length >= shortestSecret && !known.includes(secret)) known.push(secret)
  }

  function text(input: string): string {
    // Cut first: every pattern below then runs over a bounded text.
    let shown = input.length > longestText ? `${input.slice(0, longestText)}…` : input
    for (const secret of known) shown = shown.replaceAll(secret, '[secret]')
    return shown
      .replace(urlPassword, '://[secret]@')
      .replace(credentials, '$1 [secret]')
      .replace(tokenPath, '/$1/[token]')
      .replace(mailAddress, (_, at: string) => `[address]${at}`)
      .replace(returnToken, '[token]')
      .replace(longRun, '[token]')
  }

  for (const secret of secrets) add(secret)
  return { text, add }
}
