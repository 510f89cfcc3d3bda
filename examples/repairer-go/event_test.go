package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

func TestKeysKeepEveryDigitAndByte(t *testing.T) {
	for text, want := range map[string]any{
		`9007199254740993`:     int64(9007199254740993),
		`-9223372036854775808`: int64(-9223372036854775808),
		`18446744073709551615`: uint64(18446744073709551615),
		`"12.50"`:              "12.50",
		`"Ä\n"`:                "Ä\n",
		`{"hex":"00ff"}`:       []byte{0, 255},
	} {
		got, err := KeyValue(json.RawMessage(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v (%T), %v", text, got, got, err)
		}
	}
	for _, text := range []string{`1.5`, `true`, `18446744073709551616`, `{"hex":"0"}`} {
		if got, err := KeyValue(json.RawMessage(text)); err == nil {
			t.Errorf("%s was taken for %v", text, got)
		}
	}
}

func TestWhatNoRepairCanGoByIsRefused(t *testing.T) {
	for _, line := range []string{
		`no json`,
		`{"ID":1,"Direction":"SRC","Type":"neq"}`,
		`{"Direction":"EAST","Type":"neq","Table":"t","Key":{"id":1}}`,
		`{"Direction":"SRC","Type":"odd","Table":"t","Key":{"id":1}}`,
		`{"Direction":"SRC","Type":"target_missing","Table":"t","RowDigest":"0123456789abcdef","Rows":1}`,
	} {
		if _, err := ParseEvent([]byte(line)); err == nil {
			t.Errorf("%s was taken", line)
		}
	}
	event, err := ParseEvent([]byte(`{"ID":1,"Direction":"SRC","Type":"neq","Table":"t","Key":{"id":1},"Generation":1}`))
	if err != nil || event.Table != "t" || !bytes.Equal(event.Key["id"], []byte("1")) {
		t.Errorf("got %v, %v", event, err)
	}
}
