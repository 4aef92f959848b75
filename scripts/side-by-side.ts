// Puts pictures of pages side by side into one small one, for the documentation:
//   CHROMIUM_PATH=… npm exec -- node --import ./require-node.mjs scripts/side-by-side.ts docs/images/form.png A.png B.png
// The pictures come from PICTURES=folder npm test -- test/browser/every-page -t "in en".
import { readFileSync, writeFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import { chromium } from 'playwright-core'

/** The ground of our pages: what ends earlier than its neighbours is filled up with it, and the end is cut. */
const ground = '#f4f5f7'

type Drawn = { width: number; height: number; pixels: string }

async function draw(files: readonly string[], executablePath: string): Promise<Drawn> {
  const sources = files.map((file) => `data:image/png;base64,${readFileSync(file).toString('base64')}`)
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  const page = await browser.newPage()
  const drawn = await page.evaluate<Drawn>(`(async () => {
    const images = await Promise.all(${JSON.stringify(sources)}.map(async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      return image
    }))
    const width = images.reduce((sum, image) => sum + image.width, 0)
    const canvas = new OffscreenCanvas(width, Math.max(...images.map((image) => image.height)))
    const context = canvas.getContext('2d')
    context.fillStyle = '${ground}'
    context.fillRect(0, 0, width, canvas.height)
    let left = 0
    for (const image of images) {
      context.drawImage(image, left, 0)
      left += image.width
    }
    const { data } = context.getImageData(0, 0, width, canvas.height)
    const isGround = (y) => {
      for (let x = 0; x < width * 4; x++) if (data[y * width * 4 + x] !== data[x % 4]) return false
      return true
    }
    let height = canvas.height
    while (height > 1 && isGround(height - 1)) height--
    height = Math.min(canvas.height, height + 24)
    let pixels = ''
    for (let at = 0; at < width * height * 4; at += 4) pixels += String.fromCharCode(data[at], data[at + 1], data[at + 2])
    return { width, height, pixels: btoa(pixels) }
  })()`)
  await browser.close()
  return drawn
}

/** PNG with a palette (W3C PNG, 11.2.2): each color rounded, and rounded more until 256 are enough. */
function encode({ width, height, pixels }: Drawn): Buffer {
  const rgb = Buffer.from(pixels, 'base64')
  for (let step = 8; ; step *= 2) {
    const palette = new Map<number, number>()
    const rows = Buffer.alloc((width + 1) * height)
    const round = (at: number) => Math.min(255, Math.round((rgb[at] ?? 0) / step) * step)
    for (let i = 0; i < width * height; i++) {
      const color = round(i * 3) * 65_536 + round(i * 3 + 1) * 256 + round(i * 3 + 2)
      const index = palette.get(color) ?? palette.size
      palette.set(color, index)
      rows[i + Math.floor(i / width) + 1] = index
    }
    if (palette.size > 256) continue
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 3, 0, 0, 0], 8)
    const colors = Buffer.from(
      [...palette.keys()].flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]),
    )
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const data = deflateSync(rows, { level: 9 })
    const chunks = [
      chunk('IHDR', header),
      chunk('PLTE', colors),
      chunk('IDAT', data),
      chunk('IEND', Buffer.alloc(0)),
    ]
    return Buffer.concat([signature, ...chunks])
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(data.length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}

const [out, ...files] = process.argv.slice(2)
const { CHROMIUM_PATH } = process.env
if (out === undefined || files.length === 0 || CHROMIUM_PATH === undefined) {
  process.stderr.write('CHROMIUM_PATH=… node scripts/side-by-side.ts OUT.png PICTURE.png …\n')
  process.exit(64)
}
writeFileSync(out, encode(await draw(files, CHROMIUM_PATH)))
