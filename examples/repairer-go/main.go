// Repairer takes events as lines on standard input, and copies each row from the side that is right to the other one.
// Without -apply it writes nothing and says what it would do.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// A line is an event: a key of sixteen columns at most.
const lineBytesMax = 1 << 20

// Ids that are remembered, so that a repeat costs no look.
const rememberedMax = 100_000

type app struct {
	guard        Guard
	source, dest *sql.DB
	tables       map[string]bool
	apply        bool
	max          int
	repairers    map[string]Repairer
	seen         map[string]bool
	written      int
	counts       map[string]int
}

func main() {
	tables := flag.String("tables", "", "tables that may be written, separated by commas; needed")
	apply := flag.Bool("apply", false, "write; without it, only say what would be written")
	limit := flag.Int("max", 1000, "end with an error after so many written rows")
	migration := flag.String("migration", "", "repair only in the direction of this migration at that moment")
	coordinator := flag.String("coordinator", "http://127.0.0.1:8080", "where the coordinator is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	repairer := &app{
		guard: Guard{Coordinator: *coordinator, Migration: *migration}, apply: *apply, max: *limit,
		tables: map[string]bool{}, repairers: map[string]Repairer{}, seen: map[string]bool{}, counts: map[string]int{},
	}
	for _, name := range strings.Split(*tables, ",") {
		repairer.tables[name] = name != ""
	}
	err := repairer.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "repairer:", err)
	}
	summary, _ := json.Marshal(repairer.counts)
	fmt.Fprintln(os.Stderr, string(summary))
	if err != nil {
		os.Exit(1)
	}
	if repairer.counts["failed"] > 0 {
		os.Exit(3)
	}
}

func (a *app) run(ctx context.Context) error {
	var err error
	if a.source, err = open("SOURCE_DSN"); err != nil {
		return err
	}
	defer a.source.Close()
	if a.dest, err = open("DESTINATION_DSN"); err != nil {
		return err
	}
	defer a.dest.Close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineBytesMax)
	for lines.Scan() && ctx.Err() == nil {
		if a.written >= a.max {
			return fmt.Errorf("%d rows were written: more need a look at why there are so many, and -max", a.written)
		}
		what, err := a.take(ctx, lines.Bytes())
		if err != nil {
			what = "failed"
			fmt.Fprintf(os.Stderr, "repairer: %s: %v\n", lines.Bytes(), err)
		}
		a.counts[what]++
	}
	return lines.Err()
}

func (a *app) take(ctx context.Context, line []byte) (string, error) {
	event, err := ParseEvent(line)
	if err != nil {
		return "", err
	}
	if event.EventID != "" && a.seen[event.EventID] {
		return "repeat", nil
	}
	if event.Stability == "unstable" {
		// It was still changing: by now it may be fine, and the next run tells.
		return "unstable", nil
	}
	if !a.tables[event.Table] {
		return "otherTable", nil
	}
	repairer, err := a.repairerOf(ctx, event)
	if err != nil {
		return "", err
	}
	outcome, err := repairer.Repair(ctx, event)
	if err != nil {
		return "", err
	}
	if outcome == OtherDirection {
		// Not remembered: the stage may be switched back.
		return string(outcome), nil
	}
	if len(a.seen) >= rememberedMax {
		clear(a.seen)
	}
	a.seen[event.EventID] = true
	if outcome == Inserted || outcome == Updated || outcome == Deleted {
		would := "would be "
		if a.apply {
			would = ""
			a.written++
		}
		fmt.Printf("%s %s %s%s\n", event.Table, keyText(event), would, outcome)
	}
	return string(outcome), nil
}

func keyText(event Event) string {
	text, _ := json.Marshal(event.Key)
	return string(text)
}

func (a *app) repairerOf(ctx context.Context, event Event) (Repairer, error) {
	name := event.Direction + " " + event.Table
	if known, ok := a.repairers[name]; ok {
		return known, nil
	}
	repairer := Repairer{Trusted: a.source, Other: a.dest, Target: event.Table, Apply: a.apply}
	repairer.Allowed = func(ctx context.Context) (bool, error) { return a.guard.Allows(ctx, event.Direction) }
	if event.Direction == "DST" {
		repairer.Trusted, repairer.Other = a.dest, a.source
	}
	from, err := ReadTable(ctx, repairer.Trusted, event.Table)
	if err != nil {
		return repairer, err
	}
	to, err := ReadTable(ctx, repairer.Other, repairer.Target)
	if err != nil {
		return repairer, err
	}
	if err := SameColumns(from, to); err != nil {
		return repairer, err
	}
	repairer.Table = from
	a.repairers[name] = repairer
	return repairer, nil
}

// open sets what the meaning of a value depends on: times go in UTC as text, so that no zone shifts them; 0 stays 0 in an
// AUTO_INCREMENT column; and a value that does not fit is an error.
func open(variable string) (*sql.DB, error) {
	config, err := mysql.ParseDSN(os.Getenv(variable))
	if err != nil {
		return nil, fmt.Errorf("%s: expected user:password@tcp(host:port)/database", variable)
	}
	config.ParseTime = false
	config.Collation = "utf8mb4_bin"
	config.ClientFoundRows = true
	if config.Params == nil {
		config.Params = map[string]string{}
	}
	config.Params["time_zone"] = "'+00:00'"
	config.Params["sql_mode"] = "'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'"
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}
