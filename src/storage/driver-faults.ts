import { Fault } from '#core/fault.ts'

/**
 * A driver's error → a fault that carries its code and the constraint's name, and nothing else: the messages of the drivers and
 * of the query builder quote the parameters, which are personal. Faults pass unchanged, so it may be applied at every edge.
 */
export function driverFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code, table, constraint, message } = driverError(error)
  if (code === undefined) return new Fault(lostConnection.test(message) ? 'storage-unreachable' : 'storage-failed', { detail: message })
  if (contention.has(code)) return new Fault('storage-busy', { detail: code })
  if (code.startsWith('SQLITE_CONSTRAINT')) {
    const [, columns] = /failed: ([\w., ]+)$/.exec(message) ?? []
    return new Fault(repetition.has(code) ? 'storage-conflict' : 'storage-failed', { at: columns?.split('.')[0], detail: columns ?? code })
  }
  if (repetition.has(code)) return new Fault('storage-conflict', { at: table, detail: constraint ?? code })
  const trouble = troubles.find(({ codes }) => codes.test(code))
  if (trouble !== undefined) return new Fault(trouble.fault, { detail: code })
  return new Fault('storage-failed', { at: table, detail: constraint === undefined ? code : `${code} ${constraint}` })
}

// Serialization failure, deadlock, lock not available; a writer in another process.
const contention = new Set(['40001', '40P01', '55P03', 'SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_BUSY_RECOVERY', 'SQLITE_LOCKED'])

// Unique violation; a table that another process has just made.
const repetition = new Set(['23505', '42P07', 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'])

// What the machine is short of, by SQLSTATE (PostgreSQL, appendix A), SQLite's result or the system's error.
const troubles = [
  { fault: 'storage-full', codes: /^(SQLITE_FULL|ENOSPC|EDQUOT|EFBIG|53100)$/ },
  { fault: 'storage-unwritable', codes: /^(SQLITE_READONLY\w*|SQLITE_CANTOPEN\w*|SQLITE_PERM|EACCES|EPERM|EROFS|EISDIR|25006)$/ },
  { fault: 'storage-damaged', codes: /^(SQLITE_CORRUPT\w*|SQLITE_NOTADB|XX00[12])$/ },
  { fault: 'storage-unreachable', codes: /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0\d|53300)$/ },
] as const

// What `pg` says where it has no code.
const lostConnection = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/

/** Faults that end the transaction with everybody in it: the database cannot go on, whatever a work makes of them. */
export const endsTransaction = (error: unknown): boolean =>
  error instanceof Fault && (error.code === 'storage-failed' || troubles.some(({ fault }) => fault === error.code))

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
