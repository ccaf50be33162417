package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a part of the cluster as its pid file names it. A pid is given out again some day; together with the
// time at which the process started it names one process for ever, so that nobody else's is ever killed.
type process struct {
	pid     int
	started uint64 // in clock ticks since boot
}

func (p process) String() string { return fmt.Sprintf("%d %d\n", p.pid, p.started) }

func readPidFile(path string) (process, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return process{}, err
	}
	var p process
	if _, err := fmt.Sscanf(string(text), "%d %d", &p.pid, &p.started); err != nil {
		return process{}, fmt.Errorf("%s is not a pid file: %w", path, err)
	}
	return p, nil
}

// startTime returns field 22 of /proc/PID/stat and the state letter. The command in field 2 may hold anything,
// so counting starts after its closing bracket.
func startTime(pid int) (started uint64, state byte, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	return parseStat(text)
}

func parseStat(text []byte) (started uint64, state byte, err error) {
	closing := bytes.LastIndexByte(text, ')')
	fields := strings.Fields(string(text[closing+1:]))
	if closing < 0 || len(fields) < 20 {
		return 0, 0, errors.New("unexpected form of /proc/PID/stat")
	}
	started, err = strconv.ParseUint(fields[19], 10, 64)
	return started, fields[0][0], err
}

func (p process) alive() bool {
	if p.pid == 0 {
		return false
	}
	started, state, err := startTime(p.pid)
	return err == nil && started == p.started && state != 'Z' && state != 'X'
}

// end asks the process to stop, and makes it stop when it has not after the grace time.
func (p process) end(grace time.Duration) error {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGTERM, grace}, {syscall.SIGKILL, 10 * time.Second}} {
		if !p.alive() {
			return nil
		}
		if err := syscall.Kill(p.pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
		if waitFor(step.wait, func() bool { return !p.alive() }) {
			return nil
		}
	}
	return fmt.Errorf("process %d does not end", p.pid)
}

// spawn starts a program that outlives us: a session of its own, its output in a log file.
func spawn(command []string, environment []string, logFile, workDir string) (process, error) {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return process{}, err
	}
	defer log.Close()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.Env, cmd.Dir = log, log, environment, workDir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return process{}, err
	}
	// Reap it if it dies while we are still here; afterwards init does.
	go cmd.Wait()
	started, _, err := startTime(cmd.Process.Pid)
	if err != nil {
		return process{}, fmt.Errorf("%s ended at once; see %s", command[0], logFile)
	}
	return process{cmd.Process.Pid, started}, nil
}

func waitFor(limit time.Duration, done func() bool) bool {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}

// run executes a short command and puts what it printed into the error.
func run(name string, args ...string) error {
	output, err := exec.Command(name, args...).CombinedOutput()
	if err == nil {
		return nil
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is not installed; run local-cluster/install-packages", name)
	}
	return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(output))
}
