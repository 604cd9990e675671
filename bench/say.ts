/** Progress, on standard error: standard output carries the table alone. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
