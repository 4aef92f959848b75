/**
 * One expression out of many wordings, so that a table of them can be read line by line. The text that it is put to
 * is in lower case. Every wording has to stay linear: bounded repetitions, no repetition inside another.
 */
export function anyOf(...wordings: string[]): RegExp {
  return new RegExp(wordings.join('|'))
}

/** The same as a group inside a wording. */
export function oneOf(...wordings: string[]): string {
  return `(?:${wordings.join('|')})`
}
