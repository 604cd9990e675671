import { Fault } from '#core/fault.ts'

/**
 * A driver's error → a fault that carries its code and the constraint's name, and nothing else: the messages of the drivers and
 * of the query builder quote the parameters, which are personal. Faults pass unchanged, so it may be applied at every edge.
 */
export function driverFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code, table, constraint, message } = driverError(error)
  if (code === undefined) return new Fault('storage-failed', { detail: message })
  if (contention.has(code)) return new Fault('storage-busy', { detail: code })
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    const [, columns] = /failed: ([\w., ]+)$/.exec(message) ?? []
    return new Fault(repetition.has(code) ? 'storage-conflict' : 'storage-failed', { at: columns?.split('.')[0], detail: columns ?? code })
  }
  if (repetition.has(code)) return new Fault('storage-conflict', { at: table, detail: constraint ?? code })
  return new Fault('storage-failed', { at: table, detail: constraint === undefined ? code : `${code} ${constraint}` })
}

// Serialization failure, deadlock, lock not available; a writer in another process.
const contention = new Set(['40001', '40P01', '55P03', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_RECOVERY', 'SQLITE_LOCKED'])

// Unique violation; a table that another process has just made.
const repetition = new Set(['23505', '42P07', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'])

interface DriverError {
  /** SQLSTATE, or SQLite's name of the result; undefined when it was not the database that failed. */
  readonly code: string | undefined
  readonly table: string | undefined
  readonly constraint: string | undefined
  readonly message: string
}

/** The error that has a code, or else the innermost: the query builder wraps the driver's. */
function driverError(error: unknown): DriverError {
  let inner = error
  for (; inner instanceof Error; inner = inner.cause) {
    const { code, table, constraint } = inner as Error & Partial<DriverError> // drivers differ in what they add
    if (typeof code === 'string') return { code, table, constraint, message: inner.message }
    if (inner.cause === undefined) break
  }
  // A lost connection, a value that cannot be bound, a statement that lacks a value: said without values. JSON's errors quote the text.
  const message = inner instanceof Error && !(inner instanceof SyntaxError) ? inner.message : 'unreadable'
  return { code: undefined, table: undefined, constraint: undefined, message }
}
