import { create } from 'qrcode'

import { encodeUtf8 } from '#core/encoding/utf8.ts'
import { Fault } from '#core/fault.ts'

/** A QR code (ISO/IEC 18004) without its quiet zone, which is four modules wide on each side. */
export interface DrawnCode {
  /** 1 to 17. */
  readonly version: number
  /** Modules a side: 17 + 4 × version. */
  readonly size: number
  /** Row by row from the top left; true is dark. */
  readonly modules: readonly boolean[]
}

/** 85 modules a side: 0.42 mm each is 36 mm, what a phone still reads from a worn sheet. */
export const largestVersion = 17

/**
 * The smallest code of error correction M (15 %) that says a URL whose fragment is digits: bytes up to the `#`, then digits, ten bits for three.
 * Fault: `paper-code-too-long` beyond version 17.
 */
export function drawCode(url: string): DrawnCode {
  const cut = url.indexOf('#') + 1
  const [prefix, digits] = [url.slice(0, cut), url.slice(cut)]
  if (!/^[0-9]+$/.test(digits)) throw new RangeError('not a URL with digits in its fragment')
  const { version, modules } = createCode(prefix, digits)
  if (version > largestVersion) throw new Fault('paper-code-too-long', { at: 'code', detail: `version ${version}, at most ${largestVersion}` })
  return { version, size: modules.size, modules: Array.from(modules.data, (module) => module === 1) }
}

function createCode(prefix: string, digits: string) {
  try {
    return create(
      [
        { mode: 'byte', data: encodeUtf8(prefix) },
        { mode: 'numeric', data: digits },
      ],
      { errorCorrectionLevel: 'M' },
    )
  } catch (cause) {
    // It throws where not even version 40 is large enough; nothing else can be wrong with bytes and digits.
    throw new Fault('paper-code-too-long', { at: 'code', cause })
  }
}
