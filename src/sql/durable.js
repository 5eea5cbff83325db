// One statement with one crossing each way: to hand values and cells over one by one costs more than most statements do.

/** Runs a statement. `values` and the rows are JSON lists; '' are no rows. `tally` adds up rows read and written. */
export function run(sql, statement, values, tally) {
  const cursor = sql.exec(statement, ...JSON.parse(values));
  // Only `raw` reports an error of a row; iterating on after one would run the statement again.
  const rows = [...cursor.raw()];
  count(cursor, tally);
  return rows.length === 0 ? '' : JSON.stringify(rows);
}

/** The same for a statement that gives no rows: to ask for them takes a third as long as the statement (samples). */
export function write(sql, statement, values, tally) {
  count(sql.exec(statement, ...JSON.parse(values)), tally);
}

function count(cursor, tally) {
  tally[0] += cursor.rowsRead;
  tally[1] += cursor.rowsWritten;
}
