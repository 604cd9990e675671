/** Hands a file to the browser, to be saved under a name. Nothing leaves the device. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by the next turn; what is not let go of would stay as long as the page.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
