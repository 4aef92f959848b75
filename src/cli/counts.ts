/** What a dump holds in one breath: «2 signups on 1 list». */
export function signupsIn(rows: Readonly<Record<string, number>>): string {
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
  return `${count(rows.signups ?? 0, 'signup')} on ${count(rows.lists ?? 0, 'list')}`
}
