package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func (p Paths) kubeletConfig() string    { return filepath.Join(p.State, "kubelet.yaml") }
func (p Paths) kubeletRoot() string      { return filepath.Join(p.State, "kubelet") }
func (p Paths) containerdConfig() string { return filepath.Join(p.State, "containerd.toml") }
func (p Paths) runscConfig() string      { return filepath.Join(p.State, "runsc.toml") }
func (p Paths) cniConfigDir() string     { return filepath.Join(p.State, "cni") }

func containerdCommand(paths Paths, config Config) []string {
	return []string{config.program("containerd"), "--config", paths.containerdConfig()}
}

func kubeletCommand(paths Paths, config Config) []string {
	return append(config.self("kubelet"),
		"--config="+paths.kubeletConfig(),
		"--kubeconfig="+paths.kubeconfigOf("kubelet"),
		"--root-dir="+paths.kubeletRoot(),
		"--hostname-override="+paths.Name,
		"--node-ip="+config.Addresses.Node.String(),
	)
}

// kubeProxyCommand leaves conntrack's sysctls alone: they are read-only outside the first network namespace.
func kubeProxyCommand(paths Paths, config Config) []string {
	return append(config.self("kube-proxy"),
		"--kubeconfig="+paths.kubeconfigOf("kube-proxy"),
		"--hostname-override="+paths.Name,
		"--proxy-mode=iptables",
		"--cluster-cidr="+config.Addresses.Pods.String(),
		"--healthz-bind-address="+config.at(kubeProxyHealthPort),
		"--metrics-bind-address="+config.at(kubeProxyMetricsPort),
		"--oom-score-adj=0",
		"--iptables-min-sync-period=100ms",
		"--conntrack-max-per-core=0", "--conntrack-min=0",
		"--conntrack-tcp-timeout-established=0", "--conntrack-tcp-timeout-close-wait=0",
	)
}

func netpolCommand(paths Paths, config Config) []string {
	return append(config.self("netpol"),
		"--kubeconfig="+paths.kubeconfigOf("netpol"),
		"--node-name="+paths.Name,
		"--socket="+paths.netpolSocket(),
		"--switch-file="+paths.SwitchFile(),
		"--pod-cidr="+config.Addresses.Pods.String(),
	)
}

func writeNodeFiles(paths Paths, config Config, ability abilities) error {
	for _, dir := range []string{paths.kubeletRoot(), paths.cniConfigDir(), filepath.Join(paths.State, "cni-cache"),
		filepath.Join(paths.State, "containers"), filepath.Join(paths.Run, "containerd")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	files := map[string]string{
		paths.kubeletConfig():    kubeletConfig(paths, config, ability),
		paths.containerdConfig(): containerdConfig(paths, config, ability),
		paths.runscConfig():      runscConfig(paths, config),
		filepath.Join(paths.cniConfigDir(), "10-sekisho.conflist"): cniConfig(paths, config),
		filepath.Join(paths.State, "resolv.conf"):                  "options ndots:5\n",
		paths.SwitchFile(): "on\n",
	}
	for path, content := range files {
		if err := replaceFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// kubeletConfig: the thresholds keep a small machine with a full disk from evicting what is being tested, and images
// are never collected, since there is no registry to fetch them from again.
func kubeletConfig(paths Paths, config Config, ability abilities) string {
	oomScore := -999
	if !ability.sysResource {
		oomScore = 0 // lowering one's own score needs CAP_SYS_RESOURCE
	}
	return fill(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: {node}
port: {port}
healthzBindAddress: {node}
healthzPort: {healthPort}
tlsCertFile: {pki}/server.crt
tlsPrivateKeyFile: {pki}/server.key
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: {pki}/ca.crt}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix://{containerd}
cgroupDriver: cgroupfs
cgroupRoot: /{cgroup}
failCgroupV1: false
failSwapOn: false
oomScoreAdj: {oomScore}
seccompDefault: true
podPidsLimit: 64
maxPods: 200
clusterDNS: [{dns}]
clusterDomain: cluster.local
resolvConf: {state}/resolv.conf
podLogsDir: {state}/pod-logs
volumePluginDir: {state}/volume-plugins
containerLogMaxSize: 10Mi
containerLogMaxFiles: 2
containerLogMonitorInterval: 3s
serializeImagePulls: false
imageMinimumGCAge: 24h
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 100Mi, nodefs.available: 0%, nodefs.inodesFree: 0%, imagefs.available: 0%, imagefs.inodesFree: 0%}
kubeAPIQPS: 200
kubeAPIBurst: 400
eventRecordQPS: 0
shutdownGracePeriod: 0s
`, map[string]string{
		"node": config.Addresses.Node.String(), "port": fmt.Sprint(kubeletPort), "healthPort": fmt.Sprint(kubeletHealthPort),
		"pki": paths.pkiDir(), "state": paths.State, "containerd": paths.containerdSocket(), "cgroup": paths.cgroup(),
		"dns": config.Addresses.ClusterDNS.String(), "oomScore": fmt.Sprint(oomScore),
	})
}

// containerdConfig keeps every file below the cluster's own folders, and leaves out what needs a device or a daemon.
func containerdConfig(paths Paths, config Config, ability abilities) string {
	return fill(`version = 3
root = "{state}/containerd"
state = "{run}/containerd/state"
disabled_plugins = [
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.differ.v1.erofs",
  "io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing",
]
[grpc]
  address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "{state}/opt"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "{pause}"
[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE nobody may lower an OOM score, and runc would fail at the attempt.
  restrict_oom_score_adj = {restrictOOMScore}
  enable_cdi = false
  # With the cluster's other state, so that nothing is left in /run/netns.
  netns_mounts_under_state_dir = true
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["{bin}", "/usr/lib/cni"]
  conf_dir = "{cni}"
[plugins."io.containerd.cri.v1.runtime".containerd]
  default_runtime_name = "runc"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  BinaryName = "{bin}/runc"
  Root = "{run}/containerd/runc"
  SystemdCgroup = false
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]
  runtime_type = "io.containerd.runsc.v1"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc.options]
  TypeUrl = "io.containerd.runsc.v1.options"
  ConfigPath = "{runsc}"
`, map[string]string{
		"state": paths.State, "run": paths.Run, "socket": paths.containerdSocket(), "bin": config.BinDir, "cni": paths.cniConfigDir(),
		"pause": pauseImage, "runsc": paths.runscConfig(), "restrictOOMScore": fmt.Sprint(!ability.sysResource),
	})
}

// runscConfig: systrap is the platform that needs no /dev/kvm.
func runscConfig(paths Paths, config Config) string {
	return fill(`binary_name = "{bin}/runsc"
root = "{run}/containerd/runsc"
[runsc_config]
  platform = "systrap"
`, map[string]string{"bin": config.BinDir, "run": paths.Run})
}

// cniConfig: `ptp` rather than `bridge`, so that all traffic of pods passes the forward hook and can be filtered
// there. `cni-netpol` comes last: it holds the pod back until the enforcer's rules for its address are in place.
func cniConfig(paths Paths, config Config) string {
	plugins := []string{
		fill(`{"type": "ptp", "mtu": 1500, "ipam": {"type": "host-local", "dataDir": "{run}/addresses",
      "ranges": [[{"subnet": "{pods}"}]], "routes": [{"dst": "0.0.0.0/0"}]}}`,
			map[string]string{"run": paths.Run, "pods": config.Addresses.Pods.String()}),
		`{"type": "portmap", "capabilities": {"portMappings": true}}`,
	}
	if _, err := os.Stat(config.program("cni-netpol")); err == nil {
		plugins = append(plugins, fill(`{"type": "cni-netpol", "socket": "{socket}"}`, map[string]string{"socket": paths.netpolSocket()}))
	}
	return fmt.Sprintf("{\n  \"cniVersion\": \"1.0.0\", \"name\": \"sekisho\",\n  \"plugins\": [\n    %s\n  ]\n}\n", strings.Join(plugins, ",\n    "))
}

func fill(text string, values map[string]string) string {
	var pairs []string
	for key, value := range values {
		pairs = append(pairs, "{"+key+"}", value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
