import { create, type QRCodeSegment } from 'qrcode'

export interface CodesPlan {
  readonly texts: readonly string[]
  /** Of the picture, which is a white sheet with the codes side by side in its middle. */
  readonly width: number
  readonly height: number
  /** Pixels a module; need not be whole. */
  readonly module: number
  readonly degrees?: number
  /** Radius in pixels. */
  readonly blur?: number
  readonly noise?: number
  /** Light falls off from one corner to this much at the other. */
  readonly shade?: number
  /** Nothing but the dark modules is drawn; the rest is transparent. */
  readonly isClear?: true
  readonly type?: 'image/jpeg' | 'image/png' | 'image/webp'
  readonly quality?: number
}

/** A picture of QR codes, the way a scanner or a telephone would make it. */
export async function drawCodes(plan: CodesPlan): Promise<Blob> {
  const { width, height, degrees = 0, blur = 0, noise = 0, shade = 1, type = 'image/jpeg', quality = 0.5 } = plan
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  if (plan.isClear !== true) context.fillRect(0, 0, width, height)
  context.filter = blur > 0 ? `blur(${blur}px)` : 'none'
  context.translate(width / 2, height / 2)
  context.rotate((degrees * Math.PI) / 180)
  context.drawImage(sheetOf(plan), -width / 2, -height / 2)
  context.resetTransform()
  context.filter = 'none'
  if (noise > 0 || shade < 1) spoil(context, width, height, noise, shade)
  return canvas.convertToBlob({ type, quality })
}

function sheetOf({ texts, width, height, module }: CodesPlan): OffscreenCanvas {
  const sheet = new OffscreenCanvas(width, height)
  const context = sheet.getContext('2d')!
  context.fillStyle = '#000'
  for (const [index, text] of texts.entries()) {
    const { modules } = create(segmentsOf(text), { errorCorrectionLevel: 'M' })
    const side = modules.size * module
    const left = (width * (index + 0.5)) / texts.length - side / 2
    const top = (height - side) / 2
    for (let row = 0; row < modules.size; row++)
      for (let column = 0; column < modules.size; column++)
        if (modules.get(row, column) === 1) context.fillRect(left + column * module, top + row * module, module, module)
  }
  return sheet
}

function segmentsOf(text: string): QRCodeSegment[] {
  const at = /#\d+$/.exec(text)
  if (at === null) return [{ data: new TextEncoder().encode(text), mode: 'byte' }]
  return [
    { data: new TextEncoder().encode(text.slice(0, at.index + 1)), mode: 'byte' },
    { data: text.slice(at.index + 1), mode: 'numeric' },
  ]
}

/** The same in every run. */
function spoil(context: OffscreenCanvasRenderingContext2D, width: number, height: number, noise: number, shade: number): void {
  const image = context.getImageData(0, 0, width, height)
  let seed = 1
  for (let at = 0; at < image.data.length; at += 4) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    const light = 1 - (1 - shade) * ((at / 4 / width / height + ((at / 4) % width) / width) / 2)
    const change = (seed / 2_147_483_648 - 0.5) * 2 * noise
    for (let channel = 0; channel < 3; channel++) image.data[at + channel] = image.data[at + channel]! * light + change
  }
  context.putImageData(image, 0, 0)
}
