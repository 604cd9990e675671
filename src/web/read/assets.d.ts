/** The address, on our own host, of a file that the bundler puts beside the code. */
declare module '*?url' {
  export const address: string
  export default address
}

declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: unknown
}

/** The text of a file, as it stands there. */
declare module '*?raw' {
  export const text: string
  export default text
}
