import { writeFileSync } from 'node:fs'

/** A code without its quiet zone, row by row from the top left; true is dark. */
interface SeenCode {
  readonly size: number
  readonly modules: readonly boolean[]
}

/** Chromium's flags for a camera that sees one code for ever, and is allowed without a question: two frames of YUV 4:2:0, written to `file` (`.y4m`). */
export function cameraSeeing(file: string, { size, modules }: SeenCode): readonly string[] {
  const [width, height, module] = [1280, 720, 6]
  const frame = Buffer.alloc((width * height * 3) / 2, 128)
  frame.fill(235, 0, width * height)
  const [left, top] = [Math.floor((width - size * module) / 2), Math.floor((height - size * module) / 2)]
  for (let y = 0; y < size * module; y++)
    for (let x = 0; x < size * module; x++)
      if (modules[Math.floor(y / module) * size + Math.floor(x / module)] === true) frame[(top + y) * width + left + x] = 16
  const one = [Buffer.from('FRAME\n'), frame]
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420mpeg2\n`), ...one, ...one]))
  return ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${file}`]
}
