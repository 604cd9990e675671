/** What every bundle begins with, whatever its version. A file of its own: a page asks this before it loads anything else of bundles. */
const beginning = 'comity-bundle/'

/** How many first bytes tell a bundle from any other file. */
export const bundleSniff = beginning.length

export const looksLikeBundle = (head: Uint8Array): boolean => {
  for (let index = 0; index < bundleSniff; index++) if (head[index] !== beginning.charCodeAt(index)) return false
  return true
}
