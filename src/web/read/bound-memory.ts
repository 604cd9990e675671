// Imported first by the worker that lays out PDFs. The library inflates whatever a file tells it to, into byte arrays that it doubles as it goes;
// a megabyte that inflates to gigabytes would end the browser's tab on a telephone. In this worker no byte array is larger than a picture
// of the most pixels that is looked at: beyond that the library meets the error that it would meet on a machine without memory.

const mostBytes = 128 * 1024 * 1024

const bounded = new Proxy(Uint8Array, {
  construct(target, words: unknown[], newTarget): object {
    if (typeof words[0] === 'number' && words[0] > mostBytes) throw new RangeError('more memory than a PDF is given')
    return Reflect.construct(target, words, newTarget) as object // an array of the kind that was asked for
  },
})

// Without it the library inflates by its own code, into such arrays.
Object.assign(globalThis, { Uint8Array: bounded, DecompressionStream: undefined })
