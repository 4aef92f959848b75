// Sources and domains come from visitors, and a report shows them to the operator in a letter.

const mostShown = 40
/** Mail programs make links of what looks like an address; what is invisible after these signs keeps them from it. */
const linkSigns = /[./:@\\?=]/g
const zeroWidthSpace = '\u200B'

/** On one line, not long, without signs that change what stands around them, and never a link. */
export function shownWords(text: string): string {
  const plain = text
    .toWellFormed()
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
  const characters = [...plain]
  const cut = characters.length > mostShown ? `${characters.slice(0, mostShown).join('')}…` : plain
  return cut.replace(linkSigns, (sign) => `${sign}${zeroWidthSpace}`)
}
