/** Connection: a SQLite handle whose statements are prepared once, under the names that SQL has. */
import type { Database, Statement } from 'better-sqlite3'

/** A value that SQLite stores. Switches are stored as 0 and 1. */
export type SqlValue = string | number | Uint8Array | null

/** One connection with its prepared statements. Errors are SqliteError; see store-error.ts. */
export class Connection {
  readonly database: Database
  readonly #statements = new Map<string, Statement>()

  constructor(database: Database) {
    this.database = database
  }

  /** The first row, or undefined. `Row` is what the SELECT names. */
  one<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined
  }

  /** All rows. `Row` is what the SELECT names. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[]
  }

  /** The first column of all rows. */
  column<Value>(sql: string, ...values: SqlValue[]): Value[] {
    return this.#prepared(sql, true).all(...values) as Value[]
  }

  /** Runs a statement that writes; gives back how many rows it changed itself (not by cascade). */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#prepared(sql).run(...values).changes
  }

  /** Inserts a row and gives back its integer key. */
  insert(sql: string, ...values: SqlValue[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid)
  }

  /** A pragma's value. */
  pragma(text: string): unknown {
    return this.database.pragma(text, { simple: true })
  }

  #prepared(sql: string, pluck = false): Statement {
    const name = `${pluck ? 'column' : 'rows'} ${sql}`
    const known = this.#statements.get(name)
    if (known !== undefined) return known
    const statement = this.database.prepare(sql)
    if (pluck) statement.pluck()
    this.#statements.set(name, statement)
    return statement
  }
}
