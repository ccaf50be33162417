package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestParseStatOfAStrangeName(t *testing.T) {
	line := "42 (a) S 1 (b) S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 10 18446744073709551615"
	started, state, err := parseStat([]byte(line))
	if err != nil || started != 987654 || state != 'S' {
		t.Errorf("got %d %c %v", started, state, err)
	}
	if _, _, err := parseStat([]byte("nonsense")); err == nil {
		t.Error("nonsense was understood")
	}
}

// A recorded pid that now belongs to another process must be neither alive nor killed.
func TestAReusedPidIsLeftAlone(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	started, _, err := startTime(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	earlier := process{cmd.Process.Pid, started - 1}
	if earlier.alive() {
		t.Error("the process that had this pid before counts as alive")
	}
	if err := earlier.end(0); err != nil {
		t.Error(err)
	}
	now := process{cmd.Process.Pid, started}
	if !now.alive() {
		t.Fatal("an innocent process was killed")
	}
	go cmd.Wait()
	if err := now.end(time.Second); err != nil || now.alive() {
		t.Errorf("the right one was not ended: %v", err)
	}
}

func TestPidFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "part")
	want := process{123, 456}
	if err := replaceFile(file, []byte(want.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := readPidFile(file); err != nil || got != want {
		t.Errorf("got %v %v", got, err)
	}
	os.WriteFile(file, []byte("123"), 0o600)
	if _, err := readPidFile(file); err == nil {
		t.Error("a pid file without a start time was accepted")
	}
}

func TestHasCapability(t *testing.T) {
	const without, with = "Name:\tx\nCapEff:\t000001fffeffffff\n", "CapEff:\t000001ffffffffff\n"
	if hasCapability(without, capSysResource) || !hasCapability(with, capSysResource) || hasCapability("", capSysResource) {
		t.Error("CAP_SYS_RESOURCE is read wrongly")
	}
}
