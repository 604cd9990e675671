/**
 * Takes a picture's blur back (unsharp masking), in place and in grey: what differs from its surroundings of `radius` pixels, a square around it,
 * is made to differ by `amount` times more. At 150 dots per inch a module is 2.5 pixels; without this a lens's ordinary blur hides it.
 */
export function sharpen({ data, width, height }: ImageData, amount: number, radius: number): void {
  const grey = new Float32Array(width * height)
  for (let at = 0; at < grey.length; at++) grey[at] = data[at * 4]! * 0.3 + data[at * 4 + 1]! * 0.6 + data[at * 4 + 2]! * 0.1
  const across = averages(grey, { lines: height, length: width, step: 1, next: width }, radius)
  const around = averages(across, { lines: width, length: height, step: width, next: 1 }, radius)
  for (let at = 0; at < grey.length; at++) {
    const sharp = grey[at]! + amount * (grey[at]! - around[at]!)
    data.fill(sharp, at * 4, at * 4 + 3)
  }
}

interface Lines {
  readonly lines: number
  readonly length: number
  /** From one value of a line to the next, and from one line's first value to the next line's. */
  readonly step: number
  readonly next: number
}

/** The mean of each value and its neighbours on its line. Outside there is the line's own edge. */
function averages(values: Float32Array, { lines, length, step, next }: Lines, radius: number): Float32Array {
  const means = new Float32Array(values.length)
  for (let line = 0; line < lines; line++) {
    const valueAt = (place: number): number => values[line * next + Math.min(length - 1, Math.max(0, place)) * step]!
    let sum = 0
    for (let place = -radius; place <= radius; place++) sum += valueAt(place)
    for (let place = 0; place < length; place++) {
      means[line * next + place * step] = sum / (2 * radius + 1)
      sum += valueAt(place + radius + 1) - valueAt(place - radius)
    }
  }
  return means
}
