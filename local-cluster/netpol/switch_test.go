package netpol

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyAClearOffIsOff(t *testing.T) {
	rows := []struct {
		text    string
		on      bool
		problem bool
	}{{"on\n", true, false}, {"off\n", false, false}, {" off", false, false}, {"", true, true}, {"Off", true, true}, {"no", true, true}}
	for _, row := range rows {
		path := filepath.Join(t.TempDir(), "switch")
		if err := os.WriteFile(path, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if on, problem := readSwitch(path); on != row.on || (problem != nil) != row.problem {
			t.Errorf("%q: on %v (%v), want %v", row.text, on, problem, row.on)
		}
	}
	if on, problem := readSwitch(filepath.Join(t.TempDir(), "none")); !on || problem == nil {
		t.Errorf("no file: on %v (%v), want on and a problem", on, problem)
	}
	if on, problem := readSwitch(""); !on || problem != nil {
		t.Errorf("no flag: on %v (%v), want on", on, problem)
	}
}
