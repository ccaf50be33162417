package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const cgroupMount = "/sys/fs/cgroup"

// Every process of a cluster and of its pods is in one cgroup per hierarchy. So nothing escapes `down`, not even what
// a shim started after its containerd was killed.

func cgroupVersion() int {
	if _, err := os.Stat(filepath.Join(cgroupMount, "cgroup.controllers")); err == nil {
		return 2
	}
	return 1
}

// hierarchies are the folders that the cluster makes its cgroup in: one for version 2, one for each controller for
// version 1. A machine that mounts both (hybrid) has its controllers in version 1.
func hierarchies() ([]string, error) {
	if cgroupVersion() == 2 {
		return []string{cgroupMount}, nil
	}
	entries, err := os.ReadDir(cgroupMount)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		dir := filepath.Join(cgroupMount, entry.Name())
		if entry.IsDir() && isMountPoint(dir) && entry.Name() != "unified" { // `cpu` and the like may be links to `cpu,cpuacct`
			found = append(found, dir)
		}
	}
	if len(found) == 0 {
		return nil, errors.New("no cgroup hierarchy is mounted below " + cgroupMount)
	}
	return found, nil
}

// partsCgroup is a leaf beside the kubelet's `kubepods`: on version 2 only leaves may hold processes.
const partsCgroup = "parts"

func makeCgroups(paths Paths) error {
	dirs, err := hierarchies()
	if err != nil {
		return err
	}
	for _, hierarchy := range dirs {
		own := filepath.Join(hierarchy, paths.cgroup())
		leaf := filepath.Join(own, partsCgroup)
		if cgroupVersion() == 2 {
			if err := delegateControllers(hierarchy); err != nil {
				return err
			}
		}
		if err := os.MkdirAll(leaf, 0o755); err != nil {
			return err
		}
		if cgroupVersion() == 2 {
			if err := delegateControllers(own); err != nil {
				return err
			}
		}
		for _, child := range []string{own, leaf} {
			if err := inheritCpuset(child); err != nil {
				return err
			}
		}
	}
	return nil
}

// inheritCpuset fills a new cpuset of version 1, which starts without any CPU and takes no process until it has one.
func inheritCpuset(dir string) error {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || strings.TrimSpace(string(content)) != "" || cgroupVersion() == 2 {
			continue
		}
		parent, err := os.ReadFile(filepath.Join(filepath.Dir(dir), file))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file), parent, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// delegateControllers lets the children of a version 2 cgroup use every controller. Inside a container the root of
// what we see is no true root and refuses while it holds processes: they move to a leaf, as other tools that run
// Kubernetes inside a container do.
func delegateControllers(dir string) error {
	content, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
	if err != nil {
		return err
	}
	var words []string
	for _, controller := range strings.Fields(string(content)) {
		words = append(words, "+"+controller)
	}
	file, line := filepath.Join(dir, "cgroup.subtree_control"), []byte(strings.Join(words, " "))
	err = os.WriteFile(file, line, 0o644)
	if !errors.Is(err, syscall.EBUSY) {
		return err
	}
	leaf := filepath.Join(dir, "init")
	if err := os.MkdirAll(leaf, 0o755); err != nil {
		return err
	}
	for _, pid := range processesIn(dir) {
		os.WriteFile(filepath.Join(leaf, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644)
	}
	return os.WriteFile(file, line, 0o644)
}

func joinCgroup(paths Paths, pid int) error {
	dirs, err := hierarchies()
	if err != nil {
		return err
	}
	for _, hierarchy := range dirs {
		file := filepath.Join(hierarchy, paths.cgroup(), partsCgroup, "cgroup.procs")
		if err := os.WriteFile(file, []byte(strconv.Itoa(pid)), 0o644); err != nil {
			return fmt.Errorf("process %d cannot join %s: %w", pid, file, err)
		}
	}
	return nil
}

// ownCgroups are the cluster's cgroups in every mounted hierarchy, also in those that only a runtime uses.
func ownCgroups(paths Paths) []string {
	found, _ := filepath.Glob(filepath.Join(cgroupMount, "*", paths.cgroup()))
	if direct := filepath.Join(cgroupMount, paths.cgroup()); cgroupVersion() == 2 {
		if _, err := os.Stat(direct); err == nil {
			found = append(found, direct)
		}
	}
	return found
}

// killCgroups ends every process of the cluster and its pods, and removes the cgroups.
func killCgroups(paths Paths) error {
	var survivors []int
	emptied := waitFor(20*time.Second, func() bool {
		survivors = nil
		for _, root := range ownCgroups(paths) {
			survivors = append(survivors, processesBelow(root)...)
		}
		for _, pid := range survivors {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		return len(survivors) == 0
	})
	if !emptied {
		return fmt.Errorf("these processes of cluster %q do not end: %v", paths.Name, survivors)
	}
	var failures []error
	for _, root := range ownCgroups(paths) {
		// A cgroup stays busy for a moment after its last process has ended.
		if !waitFor(5*time.Second, func() bool { return removeCgroup(root) == nil }) {
			failures = append(failures, fmt.Errorf("the cgroup %s cannot be removed: %w", root, removeCgroup(root)))
		}
	}
	return errors.Join(failures...)
}

func processesBelow(root string) []int {
	var pids []int
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			pids = append(pids, processesIn(path)...)
		}
		return nil
	})
	return pids
}

func processesIn(dir string) []int {
	content, _ := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	var pids []int
	for _, word := range strings.Fields(string(content)) {
		// 0 stands for a process of another pid namespace, which we could not signal.
		if pid, err := strconv.Atoi(word); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

func removeCgroup(root string) error {
	var dirs []string
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			dirs = append(dirs, path)
		}
		return nil
	})
	for i := len(dirs) - 1; i >= 0; i-- {
		if err := ignoreMissing(syscall.Rmdir(dirs[i])); err != nil {
			return err
		}
	}
	return nil
}
