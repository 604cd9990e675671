/** The y coordinates of the points of small order, little-endian, with the second spelling of those that have one (y + p < 2^255). */
const ordinates: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16)))

/**
 * Whether 32 bytes encode a point of small order, under either sign of x. The Web Cryptography specification has verification fail for
 * such a key and such an R; older platforms let them pass. A signer who wants his signature to be good here and bad there would choose
 * R so, hence every engine asks this first.
 */
export const isSmallOrder = (encoded: Uint8Array): boolean =>
  ordinates.some((ordinate) => {
    if ((encoded[31]! & 0x7f) !== ordinate[31]) return false
    for (let index = 0; index < 31; index++) if (encoded[index] !== ordinate[index]) return false
    return true
  })
