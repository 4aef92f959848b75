// The quality of the suggestion beside the libraries as a picture for the README: readable on light and dark, at the
// width of a phone.

export type PictureRow = {
  readonly library: string
  readonly isOurs: boolean
  readonly listedRight: number
  readonly listedWrong: number
  readonly falseAlarms: number
}

type Panel = {
  readonly title: string
  readonly hint: string
  readonly value: (row: PictureRow) => number
  /** The share at which a bar is full. */
  readonly full: number
}

const PANELS: readonly Panel[] = [
  { title: 'Typos repaired', hint: 'more is better', value: (row) => row.listedRight, full: 1 },
  { title: 'Typos answered wrong', hint: 'less is better', value: (row) => row.listedWrong, full: 0.25 },
  { title: 'Real domains accused', hint: 'less is better', value: (row) => row.falseAlarms, full: 0.25 },
]

const WIDTH = 400
const NAME = 150
const BAR = 182
const LINE = 25
const HEAD = 40

export function suggestionPicture(rows: readonly PictureRow[], about: readonly string[]): string {
  const panelHeight = HEAD + rows.length * LINE + 12
  const height = PANELS.length * panelHeight + about.length * 17 + 12
  const panels = PANELS.map((panel, i) => drawPanel(panel, rows, i * panelHeight))
  const notes = about.map((line, i) => {
    const y = PANELS.length * panelHeight + 17 * (i + 1)
    return `<text class="note" x="8" y="${y}">${escaped(line)}</text>`
  })
  const said = rows.map(
    (row) => `${row.library}: ${PANELS.map(({ value }) => percent(value(row))).join(', ')}`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title about">
<title id="title">How well mistyped mail domains are repaired</title>
<desc id="about">Typos repaired, typos answered wrong, real domains accused. ${escaped(said.join('; '))}.</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #1f2937 }
.title { font-size: 15px; font-weight: 600 }
.hint, .note { font-size: 12px; fill: #5b6472 }
.ours { font-weight: 600 }
.track { fill: #e5e7eb }
.bar { fill: #7d8796 }
.bar.ours { fill: #0f766e }
@media (prefers-color-scheme: dark) {
text { fill: #e6e9ef }
.hint, .note { fill: #a4adbb }
.track { fill: #2f3642 }
.bar { fill: #8a94a4 }
.bar.ours { fill: #2dd4bf }
}
</style>
${[...panels, ...notes].join('\n')}
</svg>
`
}

function drawPanel(panel: Panel, rows: readonly PictureRow[], top: number): string {
  const head = `<text class="title" x="8" y="${top + 24}">${panel.title} <tspan class="hint" dx="4">${panel.hint}</tspan></text>`
  const lines = rows.map((row, i) => drawRow(panel, row, top + HEAD + i * LINE))
  return [head, ...lines].join('\n')
}

function drawRow({ value, full }: Panel, row: PictureRow, top: number): string {
  const share = value(row)
  const length = Math.round(Math.min(share / full, 1) * BAR * 10) / 10
  const ours = row.isOurs ? ' ours' : ''
  const middle = top + 14
  return [
    `<text class="name${ours}" x="8" y="${middle}">${escaped(row.library)}</text>`,
    `<rect class="track" x="${NAME}" y="${top + 3}" width="${BAR}" height="14" rx="3"/>`,
    length > 0
      ? `<rect class="bar${ours}" x="${NAME}" y="${top + 3}" width="${length}" height="14" rx="3"/>`
      : '',
    `<text class="value${ours}" x="${WIDTH - 8}" y="${middle}" text-anchor="end">${percent(share)}</text>`,
  ].join('')
}

/** With as many digits as it takes not to make nothing of a little. */
function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0 %'
  return `${value < 1 ? value.toFixed(2) : value.toFixed(1)} %`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
