package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The node has a network namespace, so that no address, link or firewall rule of it is the host's, and a mount
// namespace, so that the mounts of pods vanish with it, however it ends. Both are pinned by a file.

// intoNode is the command that runs the following words in the node's namespaces. Not `ip netns exec`, which hides
// /sys/fs/cgroup.
func intoNode(paths Paths) []string {
	return []string{"nsenter", "--net=" + paths.netns(), "--mount=" + paths.mountNamespace(), "--"}
}

func nodeNamespacesExist(paths Paths) bool {
	return isMountPoint(paths.netns()) && isMountPoint(paths.mountNamespace())
}

func makeNetworkNamespace(paths Paths, config Config) error {
	if err := run("ip", "netns", "add", paths.netnsName()); err != nil {
		return err
	}
	host, node := config.Addresses.Host.String(), config.Addresses.Node.String()
	link, netns := paths.hostLink(), paths.netnsName()
	steps := [][]string{
		{"ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", netns},
		{"ip", "address", "add", host + "/30", "dev", link},
		{"ip", "link", "set", link, "up"},
		{"ip", "-n", netns, "link", "set", "lo", "up"},
		{"ip", "-n", netns, "address", "add", node + "/30", "dev", "eth0"},
		{"ip", "-n", netns, "link", "set", "eth0", "up"},
		{"ip", "-n", netns, "route", "add", "default", "via", host},
		// The host reaches pods and services too, through the node.
		{"ip", "route", "add", config.Subnet, "via", node},
		{"nsenter", "--net=" + paths.netns(), "--", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"},
	}
	for _, step := range steps {
		if err := run(step[0], step[1:]...); err != nil {
			return fmt.Errorf("network of the node: %w", err)
		}
	}
	return nil
}

// refuseTakenSubnet looks at the host's own addresses, and so also at those of other clusters.
func refuseTakenSubnet(config Config) error {
	subnet, err := netip.ParsePrefix(config.Subnet)
	if err != nil {
		return err
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return err
	}
	for _, address := range addresses {
		taken, err := netip.ParsePrefix(address.String())
		if err == nil && taken.Overlaps(subnet) {
			return fmt.Errorf("the subnet %s is in use on this machine (%s); choose another with --subnet, or stop the cluster that uses it with `sekisho-cluster down --name ...`", subnet, taken)
		}
	}
	return nil
}

// mountScript runs inside the new mount namespace. Mounts made there reach containers (shared), and none reaches the
// host (it is a slave of it). The paths that Kubernetes and containerd will not let us choose are made our own. They are
// private: every mount of a pod would be there twice otherwise, and containerd and the kubelet read the whole table for
// each container, so that a burst of pods took a tenth longer.
const mountScript = `set -e
mount --make-rshared /
own() { mount --bind "$1" "$2"; mount --make-private "$2"; }
own "$1/containers" /var/log/containers
own "$1/cni-cache" /var/lib/cni
own "$1/kubelet" /var/lib/kubelet
own "$2/containerd" /run/containerd
`

// fixedPaths are the mount points of mountScript. They must exist on the host.
var fixedPaths = []string{"/var/log/containers", "/var/lib/cni", "/var/lib/kubelet", "/run/containerd"}

func makeMountNamespace(paths Paths) error {
	for _, dir := range fixedPaths {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	pin := paths.mountNamespace()
	if err := os.MkdirAll(filepath.Dir(pin), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(pin, nil, 0o600); err != nil {
		return err
	}
	// The kernel refuses to pin a mount namespace on a mount that would propagate into it.
	if err := run("mount", "--bind", filepath.Dir(pin), filepath.Dir(pin)); err != nil {
		return err
	}
	if err := run("mount", "--make-private", filepath.Dir(pin)); err != nil {
		return err
	}
	return run("unshare", "--mount="+pin, "--propagation", "slave", "--", "sh", "-c", mountScript, "sh", paths.State, paths.Run)
}

func removeNamespaces(paths Paths) error {
	var failures []error
	for _, pin := range []string{paths.mountNamespace(), filepath.Dir(paths.mountNamespace()), paths.netns()} {
		for isMountPoint(pin) {
			if err := syscall.Unmount(pin, syscall.MNT_DETACH); err != nil {
				failures = append(failures, fmt.Errorf("unmount %s: %w", pin, err))
				break
			}
		}
	}
	failures = append(failures, ignoreMissing(os.Remove(paths.netns())))
	failures = append(failures, removeHostLink(paths.hostLink()))
	for _, dir := range fixedPaths {
		if len(Names()) <= 1 {
			syscall.Rmdir(dir) // only when it is empty, and nobody else needs it
		}
	}
	return errors.Join(failures...)
}

// removeHostLink: the network namespace takes its link along, but only a while after its last user is gone.
func removeHostLink(name string) error {
	if linkExists(name) {
		if err := run("ip", "link", "delete", name); err != nil && linkExists(name) {
			return err
		}
	}
	return nil
}

func linkExists(name string) bool {
	_, err := os.Stat("/sys/class/net/" + name)
	return err == nil
}

// unmountBelow removes mounts that a part left in the host's namespace below the cluster's folders.
func unmountBelow(dirs ...string) error {
	mounts, err := mountPoints()
	if err != nil {
		return err
	}
	var failures []error
	for i := len(mounts) - 1; i >= 0; i-- {
		for _, dir := range dirs {
			if strings.HasPrefix(mounts[i], dir+"/") {
				failures = append(failures, syscall.Unmount(mounts[i], syscall.MNT_DETACH))
			}
		}
	}
	return errors.Join(failures...)
}

func isMountPoint(path string) bool {
	mounts, _ := mountPoints()
	for _, mount := range mounts {
		if mount == path {
			return true
		}
	}
	return false
}

func mountPoints() ([]string, error) {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var points []string
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 4 {
			points = append(points, strings.ReplaceAll(fields[4], `\040`, " "))
		}
	}
	return points, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
