package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Down stops a cluster and removes all of it. It is content when there is none.
func Down(paths Paths, progress io.Writer) error {
	unlock, err := lock(paths)
	if err != nil {
		return err
	}
	defer unlock()
	if !leftovers(paths) {
		fmt.Fprintf(progress, "sekisho-cluster: there is no cluster %s\n", paths.Name)
		return nil
	}
	if err := remove(paths); err != nil {
		return fmt.Errorf("cluster %s is not removed altogether: %w", paths.Name, err)
	}
	fmt.Fprintf(progress, "sekisho-cluster: cluster %s is gone\n", paths.Name)
	return nil
}

func leftovers(paths Paths) bool {
	for _, path := range []string{paths.State, paths.Run, paths.netns()} {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return linkExists(paths.hostLink()) || len(ownCgroups(paths)) > 0
}

// remove does not trust what is recorded: it goes by everything that carries the cluster's name. Nothing needs an
// orderly end, for nothing of the cluster is kept; so processes are killed and the rest is cleared away below them.
func remove(paths Paths) error {
	var failures []error
	pidFiles, _ := filepath.Glob(filepath.Join(paths.pidDir(), "*"))
	slices.Sort(pidFiles)
	for _, file := range pidFiles {
		if recorded, err := readPidFile(file); err == nil {
			failures = append(failures, recorded.end(0))
		}
	}
	failures = append(failures, killCgroups(paths), removeNamespaces(paths), unmountBelow(paths.State, paths.Run))
	if err := errors.Join(failures...); err != nil {
		return err // what is still in use must not be deleted below its user
	}
	// A mount namespace is dismantled a moment after its last user is gone, and until then holds on to its folders.
	var err error
	waitFor(5*time.Second, func() bool {
		err = errors.Join(os.RemoveAll(paths.Run), os.RemoveAll(paths.State))
		return err == nil
	})
	for _, dir := range []string{runRoot, stateRoot} {
		syscall.Rmdir(dir) // only when no other cluster is there
	}
	return err
}

// lock keeps two commands from changing the same cluster at once. The file is removed when nothing is left to lock.
func lock(paths Paths) (unlock func(), err error) {
	for {
		if err := os.MkdirAll(runRoot, 0o755); err != nil {
			return nil, err
		}
		file, err := os.OpenFile(paths.lockFile(), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			return nil, err
		}
		// Whoever had the lock before may have removed the file: then this is a lock on nothing.
		mine, errMine := file.Stat()
		current, errCurrent := os.Stat(paths.lockFile())
		if errMine == nil && errCurrent == nil && os.SameFile(mine, current) {
			return func() {
				if !leftovers(paths) {
					os.Remove(paths.lockFile())
					syscall.Rmdir(runRoot)
				}
				file.Close()
			}, nil
		}
		file.Close()
	}
}
