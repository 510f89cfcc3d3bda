package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Outcome says what became of an event.
type Outcome string

const (
	Inserted Outcome = "inserted"
	Updated  Outcome = "updated"
	Deleted  Outcome = "deleted"
	// Equal: both sides hold the same row by now.
	Equal Outcome = "equal"
	// Moved: the row is not any more what the event says, so nothing is done by it.
	Moved Outcome = "moved"
	// OtherDirection: the migration trusts the other side by now.
	OtherDirection Outcome = "otherDirection"
)

// Table holds what a repair must know of a table: its columns that can be written.
type Table struct {
	Name    string
	Columns []Column
}

// Column of a table that is no generated one.
type Column struct {
	Name string
	// DATA_TYPE and COLUMN_TYPE of information_schema.
	DataType, ColumnType string
}

// ReadTable leaves generated columns out: the server makes them of the others, and refuses to be told.
func ReadTable(ctx context.Context, db *sql.DB, name string) (Table, error) {
	rows, err := db.QueryContext(ctx, `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE FROM information_schema.COLUMNS
		WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COALESCE(GENERATION_EXPRESSION, '') = '' ORDER BY ORDINAL_POSITION`, name)
	if err != nil {
		return Table{}, err
	}
	defer rows.Close()
	table := Table{Name: name}
	for rows.Next() {
		var column Column
		if err := rows.Scan(&column.Name, &column.DataType, &column.ColumnType); err != nil {
			return Table{}, err
		}
		table.Columns = append(table.Columns, column)
	}
	if len(table.Columns) == 0 && rows.Err() == nil {
		return Table{}, fmt.Errorf("there is no table %s, or its columns cannot be seen", name)
	}
	return table, rows.Err()
}

// SameColumns refuses two tables that a row cannot be copied between column by column.
func SameColumns(from, to Table) error {
	name := func(column Column) string { return column.Name }
	if slices.Equal(namesOf(from, name), namesOf(to, name)) {
		return nil
	}
	return fmt.Errorf("%s and %s have other columns: this example copies rows between equal names only", from.Name, to.Name)
}

func namesOf(table Table, name func(Column) string) []string {
	var names []string
	for _, column := range table.Columns {
		names = append(names, name(column))
	}
	slices.Sort(names)
	return names
}

// Repairer copies one row at a time from the trusted side.
type Repairer struct {
	Trusted, Other *sql.DB
	// Columns of the trusted side.
	Table Table
	// Name of the table on the other side.
	Target string
	// False: nothing is written, the outcome says what would be.
	Apply bool
	// Asked when the row is locked, right before it is written.
	Allowed func(ctx context.Context) (bool, error)
}

// Repair makes the other side what the trusted side is now, which may be more than what the event saw. It deletes only
// by an event that says so. The row on the other side is locked from the look at it until it is written.
func (r Repairer) Repair(ctx context.Context, event Event) (Outcome, error) {
	where, key, err := r.whereOf(event)
	if err != nil {
		return "", err
	}
	tx, err := r.Other.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return "", err
	}
	defer tx.Rollback()
	have, err := r.read(ctx, tx, r.Target, where+" FOR UPDATE", key)
	if err != nil {
		return "", err
	}
	want, err := r.read(ctx, r.Trusted, r.Table.Name, where, key)
	if err != nil {
		return "", err
	}
	outcome := decide(event.Type, want, have)
	if outcome == Equal || outcome == Moved || !r.Apply {
		return outcome, nil
	}
	if allowed, err := r.Allowed(ctx); err != nil || !allowed {
		return OtherDirection, err
	}
	if err := r.write(ctx, tx, outcome, where, key, want); err != nil {
		return "", err
	}
	return outcome, tx.Commit()
}

func decide(eventType string, want, have []any) Outcome {
	switch {
	case want == nil && have == nil:
		return Equal
	case want == nil && eventType == "base_missing":
		return Deleted
	case want == nil:
		// The trusted side lost the row after the event: another event will say so.
		return Moved
	case have == nil:
		return Inserted
	case slices.EqualFunc(want, have, sameValue):
		return Equal
	}
	return Updated
}

func sameValue(a, b any) bool {
	left, isBytes := a.([]byte)
	right, areBytes := b.([]byte)
	if isBytes && areBytes {
		return bytes.Equal(left, right)
	}
	return isBytes == areBytes && a == b
}

// whereOf compares a decimal as a decimal: where no index is used, text and decimal are compared as doubles.
func (r Repairer) whereOf(event Event) (string, []any, error) {
	var conditions []string
	var values []any
	for name, raw := range event.Key {
		place := slices.IndexFunc(r.Table.Columns, func(column Column) bool { return column.Name == name })
		if place < 0 {
			return "", nil, fmt.Errorf("table %s has no key column %s that can be written", r.Table.Name, name)
		}
		value, err := KeyValue(raw)
		if err != nil {
			return "", nil, err
		}
		parameter := "?"
		switch column := r.Table.Columns[place]; column.DataType {
		case "decimal":
			parameter = "CAST(? AS " + strings.Fields(column.ColumnType)[0] + ")"
		case "float", "double":
			return "", nil, fmt.Errorf("key column %s is a %s: this example does not look such keys up", name, column.DataType)
		}
		conditions = append(conditions, quoted(name)+" = "+parameter)
		values = append(values, value)
	}
	return strings.Join(conditions, " AND "), values, nil
}

type reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// read returns nil when there is no such row. With arguments the driver speaks the binary protocol: numbers keep their
// type, and a FLOAT its bits.
func (r Repairer) read(ctx context.Context, from reader, table, where string, key []any) ([]any, error) {
	query := "SELECT " + strings.Join(r.columns(), ", ") + " FROM " + quoted(table) + " WHERE " + where
	rows, err := from.QueryContext(ctx, query, key...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	row := make([]any, len(r.Table.Columns))
	places := make([]any, len(row))
	for i := range row {
		places[i] = &row[i]
	}
	if err := rows.Scan(places...); err != nil {
		return nil, err
	}
	if rows.Next() {
		return nil, errors.New("the key names more than one row")
	}
	return row, rows.Err()
}

func (r Repairer) columns() []string {
	var names []string
	for _, column := range r.Table.Columns {
		names = append(names, quoted(column.Name))
	}
	return names
}

func (r Repairer) write(ctx context.Context, tx *sql.Tx, outcome Outcome, where string, key, want []any) error {
	columns := r.columns()
	var query string
	args := want
	switch outcome {
	case Inserted:
		// No ON DUPLICATE KEY: it would overwrite another row that holds the same value of another unique key.
		query = "INSERT INTO " + quoted(r.Target) + " (" + strings.Join(columns, ", ") + ") VALUES (" +
			strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	case Updated:
		query = "UPDATE " + quoted(r.Target) + " SET " + strings.Join(columns, " = ?, ") + " = ? WHERE " + where
		args = append(slices.Clone(want), key...)
	case Deleted:
		query = "DELETE FROM " + quoted(r.Target) + " WHERE " + where
		args = key
	}
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if changed, err := result.RowsAffected(); err != nil || changed != 1 {
		return fmt.Errorf("expected one row to change, found %d (%v)", changed, err)
	}
	return nil
}

func quoted(name string) string {
	return "`" + strings.ReplaceAll(name, "`", "``") + "`"
}
