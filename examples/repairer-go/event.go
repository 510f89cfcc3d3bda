package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

// Event is what Rowparity tells of a row; docs/events.md has every field.
type Event struct {
	Direction string
	Type      string
	Table     string
	// By the names on the trusted side. Numbers keep every digit.
	Key       map[string]json.RawMessage
	RowDigest string
	EventID   string
	Stability string
}

// ParseEvent reads one line. It refuses what a repair cannot go by.
func ParseEvent(line []byte) (Event, error) {
	var event Event
	if err := json.Unmarshal(line, &event); err != nil {
		return event, fmt.Errorf("no event: %w", err)
	}
	switch {
	case event.Direction != "SRC" && event.Direction != "DST":
		return event, fmt.Errorf("unknown Direction %q", event.Direction)
	case event.Type != "target_missing" && event.Type != "neq" && event.Type != "base_missing":
		return event, fmt.Errorf("unknown Type %q", event.Type)
	case event.RowDigest != "":
		return event, fmt.Errorf("table %s has no key: its rows cannot be repaired one by one", event.Table)
	case event.Table == "" || len(event.Key) == 0:
		return event, fmt.Errorf("no Table and Key: order the run with events.format full")
	}
	return event, nil
}

// KeyValue turns the value of a key column into what the driver sends: an int64, a uint64, bytes or text. A key never
// goes through a float: 9007199254740993 would become another row.
func KeyValue(raw json.RawMessage) (any, error) {
	text := strings.TrimSpace(string(raw))
	switch {
	case strings.HasPrefix(text, `"`):
		var value string
		err := json.Unmarshal(raw, &value)
		return value, err
	case strings.HasPrefix(text, "{"):
		var value struct{ Hex string }
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, err
		}
		return hex.DecodeString(value.Hex)
	}
	number, ok := new(big.Int).SetString(text, 10)
	switch {
	case ok && number.IsInt64():
		return number.Int64(), nil
	case ok && number.IsUint64():
		return number.Uint64(), nil
	}
	return nil, fmt.Errorf("%s is no key value", text)
}
