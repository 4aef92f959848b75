// The OpenAPI document as one page: no script, nothing from elsewhere, and a place for every code of a problem.
import { docsStyle } from './docs-style.ts'
import { problemCodes } from './problem-codes.ts'
import { rowsOf, type SchemaLike, typeOf } from './schema-words.ts'

export { docsStyle } from './docs-style.ts'

/** What of an OpenAPI document is shown here. */
export type Described = {
  readonly info: { readonly title: string; readonly description?: string | undefined }
  readonly paths?: object | undefined
  readonly components?: { readonly schemas?: object | undefined } | undefined
}

type Media = { readonly schema?: SchemaLike }
type Content = Readonly<Record<string, Media>>
type Operation = {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema?: SchemaLike
  }[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>
}
type Place = { readonly method: string; readonly path: string; readonly operation: Operation }

export function docsPage(document: Described): string {
  const { info } = document
  const byTag = Map.groupBy(placesIn(document), (place) => place.operation.tags?.[0] ?? 'Others')
  const tags = [...byTag.keys()]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${asHtml(info.title)}: the HTTP interface</title>
<style>${docsStyle}</style>
</head>
<body>
<main>
<h1>${asHtml(info.title)}</h1>
${(info.description ?? '').split('\n\n').map(paragraph).join('\n')}
<p>For programs: <a href="openapi.json">openapi.json</a>.</p>
<nav><ul>
${[...tags, 'Shapes', 'Problems'].map((tag) => `<li><a href="#${idOf(tag)}">${asHtml(tag)}</a></li>`).join('\n')}
</ul></nav>
${[...byTag].map(([tag, places]) => section(tag, places.map(operationHtml).join('\n'))).join('\n')}
${section('Shapes', shapes(document))}
${section('Problems', problemList())}
</main>
</body>
</html>
`
}

function placesIn(document: Described): Place[] {
  return entriesOf(document.paths).flatMap(([path, methods]) =>
    entriesOf(methods).flatMap(([method, operation]) =>
      isOperation(operation) ? [{ method: method.toUpperCase(), path, operation }] : [],
    ),
  )
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'responses' in value
}

function operationHtml({ method, path, operation }: Place): string {
  const isSecured = (operation.security ?? []).length > 0
  return [
    `<h3 id="${idOf(`${method} ${path}`)}"><code>${method} ${asHtml(path)}</code> ${text(operation.summary)}</h3>`,
    operation.description === undefined ? '' : paragraph(operation.description),
    isSecured ? '<p>With <code>Authorization: Bearer TOKEN</code>.</p>' : '',
    table('Parameters', (operation.parameters ?? []).map(parameterRow)),
    bodyTable(operation.requestBody?.content),
    table('Answers', Object.entries(operation.responses ?? {}).map(answerRow)),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

function parameterRow(one: NonNullable<Operation['parameters']>[number]): Row {
  const need = one.required === true ? '' : ', optional'
  return [
    `<code>${asHtml(one.name)}</code>`,
    `${typeOf(one.schema)}${need}. ${text(one.schema?.description)}`,
  ]
}

function bodyTable(content: Content | undefined): string {
  const media = Object.entries(content ?? {})
  const [first] = media
  if (first === undefined) return ''
  const names = media.map(([name]) => name).join(', ')
  const schema = first[1].schema
  return table(`Body: ${names}`, schema === undefined ? [] : [['', typeOf(schema)]])
}

function answerRow([status, answer]: [string, { description?: string; content?: Content }]): Row {
  const kinds = Object.entries(answer.content ?? {}).map(([name, { schema }]) => {
    const isText = schema?.type === 'string'
    return isText || schema === undefined ? `<code>${asHtml(name)}</code>` : typeOf(schema)
  })
  return [asHtml(status), [text(answer.description), ...kinds].join(' ')]
}

function shapes(document: Described): string {
  return entriesOf(document.components?.schemas)
    .map(([name, schema]) => {
      const { description, rows } = rowsOf(schema)
      return `<h3 id="${idOf(`shape ${name}`)}">${asHtml(name)}</h3>
${description === '' ? '' : paragraph(description)}
${table(
  '',
  rows.map((row): Row => [`<code>${asHtml(row.name)}</code>`, `${row.type}. ${text(row.description)}`]),
)}`
    })
    .join('\n')
}

function problemList(): string {
  const lines = Object.entries(problemCodes).map(
    ([code, words]) => `<dt id="${code}"><code>${code}</code></dt>\n<dd>${text(words)}</dd>`,
  )
  return `<dl>\n${lines.join('\n')}\n</dl>`
}

type Row = readonly [name: string, words: string]

/** The cells are HTML already. */
function table(caption: string, rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const title = caption === '' ? '' : `<caption>${asHtml(caption)}</caption>`
  return `<table>${title}\n${rows.map(rowHtml).join('\n')}\n</table>`
}

/** A row without a name has no header cell: an empty one would be read out as one. */
function rowHtml([name, words]: Row): string {
  const isNamed = name.replaceAll(/<[^>]*>/g, '') !== ''
  const cells = isNamed ? `<th scope="row">${name}</th><td>${words}</td>` : `<td colspan="2">${words}</td>`
  return `<tr>${cells}</tr>`
}

function section(title: string, html: string): string {
  return `<h2 id="${idOf(title)}">${asHtml(title)}</h2>\n${html}`
}

function paragraph(words: string): string {
  return `<p>${text(words)}</p>`
}

/** Words with `code` in backquotes, as HTML. */
function text(words: string | undefined): string {
  return asHtml(words ?? '').replaceAll(/`([^`]*)`/g, '<code>$1</code>')
}

/** `GET /api/lists/{slug}` is get-api-lists-slug. No code of a problem is also such a name. */
export function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

export function asHtml(words: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return words.replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}
